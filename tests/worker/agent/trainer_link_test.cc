// Goal: the trainers' socket accepts ranks, carries records both ways and survives bad clients.
// Method: a link on an event loop, clients as plain sockets in the same thread.

#include "worker/agent/trainer_link.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/agent/worker_process.h"

namespace tutti::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TrainerLinkTest : public ::testing::Test {
 protected:
  TrainerLinkTest() : directory_(MakeScratchDirectory()) {
    TrainerLink::Events events;
    events.on_hello = [this](TrainerRank who, const Record&) {
      log_.push_back("hello " + std::to_string(who.rank));
      return who.allocation == AllocationId(1);
    };
    events.on_record = [this](TrainerRank who, Record&& record) {
      log_.push_back(std::to_string(who.rank) + " " + std::string(record.type()) + " " +
                     std::to_string(record.payload.size()));
    };
    events.on_closed = [this](TrainerRank who, const std::string& why) {
      log_.push_back("closed " + std::to_string(who.rank) + " " + why);
    };
    link_ = std::move(TrainerLink::Listen(loop_, directory_ + "/s", std::move(events))).value();
  }
  ~TrainerLinkTest() override {
    link_.reset();
    std::filesystem::remove_all(directory_);
  }

  FileDescriptor Connect() {
    FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, link_->path().c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(
        ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    return socket;
  }
  static std::string Hello(std::int64_t allocation, int rank) {
    return EncodeRecord({Json::MakeObject({{"type", "hello"},
                                           {"allocation", allocation},
                                           {"rank", rank}}),
                         ""});
  }
  void Write(const FileDescriptor& socket, const std::string& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n =
          ::send(socket.get(), bytes.data() + done, bytes.size() - done, MSG_DONTWAIT);
      if (n > 0) done += static_cast<std::size_t>(n);
      Run();
    }
    Run();
  }
  // Until nothing more happens.
  void Run() {
    std::size_t before = 0;
    do {
      before = log_.size();
      loop_.RunOnce(std::chrono::milliseconds(0));
      loop_.RunOnce(std::chrono::milliseconds(0));
    } while (log_.size() != before);
  }

  std::string directory_;
  EventLoop loop_;
  std::vector<std::string> log_;
  std::unique_ptr<TrainerLink> link_;
};

TEST_F(TrainerLinkTest, TheSocketIsPrivate) {
  struct stat info{};
  ASSERT_EQ(::stat(link_->path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(TrainerLinkTest, CarriesRecordsBothWays) {
  const FileDescriptor client = Connect();
  Write(client, Hello(1, 0));
  Write(client, EncodeRecord({Json::MakeObject({{"type", "evaluation"}}),
                              std::string(3'000'000, 'x')}));
  EXPECT_THAT(log_, ElementsAre("hello 0", "0 evaluation 3000000"));
  EXPECT_TRUE(link_->Send({AllocationId(1), 0}, {Json::MakeObject({{"type", "run"}}), ""}));
  EXPECT_FALSE(link_->Send({AllocationId(1), 1}, {Json::MakeObject({{"type", "run"}}), ""}));
  char bytes[256];
  const ssize_t n = ::recv(client.get(), bytes, sizeof(bytes), 0);
  RecordDecoder decoder;
  decoder.Feed({bytes, static_cast<std::size_t>(n)});
  Record record;
  ASSERT_EQ(*decoder.Next(record), RecordDecoder::Outcome::kRecord);
  EXPECT_EQ(record.type(), "run");
}

TEST_F(TrainerLinkTest, ARecordThatComesByteByByteIsOneRecord) {
  const FileDescriptor client = Connect();
  for (const char c : Hello(1, 2)) Write(client, std::string(1, c));
  EXPECT_THAT(log_, ElementsAre("hello 2"));
}

TEST_F(TrainerLinkTest, TellsWhenARankIsGone) {
  {
    const FileDescriptor client = Connect();
    Write(client, Hello(1, 0));
  }
  Run();
  EXPECT_THAT(log_, ElementsAre("hello 0", "closed 0 "));
}

TEST_F(TrainerLinkTest, DamagedBytesCloseTheConnectionWithTheReason) {
  const FileDescriptor client = Connect();
  Write(client, Hello(1, 0));
  Write(client, std::string(64, 'z'));
  ASSERT_EQ(log_.size(), 2u);
  EXPECT_THAT(log_[1], HasSubstr("magic"));
}

TEST_F(TrainerLinkTest, StrangersAreSentAway) {
  const FileDescriptor unknown = Connect(), rude = Connect(), twin = Connect(), first = Connect();
  Write(unknown, Hello(9, 0));
  Write(rude, EncodeRecord({Json::MakeObject({{"type", "epoch"}}), ""}));
  Write(first, Hello(1, 0));
  Write(twin, Hello(1, 0));
  EXPECT_THAT(log_, ElementsAre("hello 0", "hello 0"));
  char c = 0;
  for (const auto* client : {&unknown, &rude, &twin}) {
    EXPECT_EQ(::recv(client->get(), &c, 1, MSG_DONTWAIT), 0) << "it should be closed";
  }
  EXPECT_EQ(::recv(first.get(), &c, 1, MSG_DONTWAIT), -1) << "this one stays";
}

TEST_F(TrainerLinkTest, ARankThatNeverReadsIsClosedNotWaitedFor) {
  const FileDescriptor client = Connect();
  Write(client, Hello(1, 0));
  const Record large{Json::MakeObject({{"type", "run"}}), std::string(6u << 20, 'x')};
  bool sent = true;
  for (int i = 0; i < 4; ++i) sent = link_->Send({AllocationId(1), 0}, large);
  EXPECT_FALSE(sent);
  link_->CloseBroken();
  ASSERT_EQ(log_.size(), 2u);
  EXPECT_THAT(log_[1], HasSubstr("does not read"));
}

TEST_F(TrainerLinkTest, APathThatIsTooLongIsAnErrorThatSaysSo) {
  const auto link = TrainerLink::Listen(loop_, "/tmp/" + std::string(200, 'a'), {});
  ASSERT_FALSE(link.ok());
  EXPECT_THAT(link.error().message(), HasSubstr("--work-dir"));
}

}  // namespace
}  // namespace tutti::worker
