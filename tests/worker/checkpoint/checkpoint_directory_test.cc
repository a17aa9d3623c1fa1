// Goal: a checkpoint is there complete or not at all, whatever fails while it is written, and a
// damaged one is never loaded. Method: every system call of a save fails once, one after the
// other, until a save meets no failure; every file of a good checkpoint is damaged once.
#include "worker/checkpoint/checkpoint_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "experiments/core/sha256.h"

namespace tutti::checkpoint {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CheckpointDirectory : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "tutti-checkpoint-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override {
    std::error_code ignored;  // a leftover in /tmp fails no test
    fs::remove_all(root_, ignored);
  }

  std::string root_;
  const CheckpointId id_{3, 14, 15, 926};
};

// Fails call number `fail_at` (from 1) with `error`; a failing Write takes half of the bytes first.
class FailingOperations : public FileOperations {
 public:
  FailingOperations(int fail_at, int error) : fail_at_(fail_at), error_(error) {}
  int calls() const { return calls_; }
  bool hit() const { return calls_ >= fail_at_; }

  int Mkdir(const std::string& p) override { return Fails() ? -1 : FileOperations::Mkdir(p); }
  int Create(const std::string& p) override { return Fails() ? -1 : FileOperations::Create(p); }
  ssize_t Write(int fd, const void* data, std::size_t n) override {
    if (!Fails()) return FileOperations::Write(fd, data, n);
    (void)FileOperations::Write(fd, data, n / 2);
    errno = error_;
    return -1;
  }
  int Fsync(int fd) override { return Fails() ? -1 : FileOperations::Fsync(fd); }
  int Close(int fd) override {
    const int rc = FileOperations::Close(fd);
    return Fails() ? -1 : rc;
  }
  int OpenDirectory(const std::string& p) override {
    return Fails() ? -1 : FileOperations::OpenDirectory(p);
  }
  int Rename(const std::string& a, const std::string& b) override {
    return Fails() ? -1 : FileOperations::Rename(a, b);
  }
  int Unlink(const std::string& p) override { return Fails() ? -1 : FileOperations::Unlink(p); }
  int Rmdir(const std::string& p) override { return Fails() ? -1 : FileOperations::Rmdir(p); }

 private:
  bool Fails() {
    if (++calls_ != fail_at_) return false;
    errno = error_;
    return true;
  }
  int calls_ = 0;
  int fail_at_;
  int error_;
};

Result<Committed> Save(const std::string& root, const CheckpointId& id,
                       FileOperations* operations = nullptr) {
  CheckpointWriter writer(root, id, operations);
  TUTTI_RETURN_IF_ERROR(writer.Open());
  Manifest manifest;
  manifest.attempt = id.attempt;
  manifest.step = id.step;
  manifest.epoch = 7;
  manifest.world_size = 2;
  manifest.parts = {"weights", "optimizer"};
  manifest.state = Json::MakeObject({{"best", 0.5}, {"rng", Json::MakeArray({1, 2})}});
  TUTTI_ASSIGN_OR_RETURN(FileEntry weights,
                         writer.WriteFile("weights.safetensors", {"first ", "", "second"}));
  TUTTI_ASSIGN_OR_RETURN(FileEntry optimizer,
                         writer.WriteFile("optimizer.safetensors", {std::string_view("moments")}));
  manifest.files = {weights, optimizer};
  return writer.Commit(manifest);
}

TEST_F(CheckpointDirectory, WhatIsCommittedIsLoaded) {
  const auto committed = Save(root_, id_);
  ASSERT_TRUE(committed.ok()) << committed.error().ToString();
  EXPECT_EQ(committed->name, "3/14/15-step-926");
  const auto loaded = LoadCheckpoint(root_, id_, committed->sha256);
  ASSERT_TRUE(loaded.ok()) << loaded.error().ToString();
  EXPECT_EQ(loaded->files.at("weights.safetensors"), "first second");
  EXPECT_EQ(loaded->files.at("optimizer.safetensors"), "moments");
  EXPECT_EQ(loaded->manifest.epoch, 7);
  EXPECT_EQ(loaded->manifest.world_size, 2);
  EXPECT_THAT(loaded->manifest.parts, ElementsAre("weights", "optimizer"));
  EXPECT_EQ(loaded->manifest.state["best"].AsDouble(), 0.5);
  EXPECT_EQ(loaded->manifest.files[0].sha256, Sha256Hex("first second"));
  std::int64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(root_ + "/3/14/15-step-926")) {
    bytes += static_cast<std::int64_t>(entry.file_size());
  }
  EXPECT_EQ(committed->bytes, bytes);
  const auto list = ListCheckpoints(root_);
  ASSERT_TRUE(list.ok());
  EXPECT_THAT(*list, ElementsAre(id_));
}

// PROTOCOL.md: fail the n-th call, n = 1, 2, 3 … until none is hit.
TEST_F(CheckpointDirectory, WhateverCallFailsTheCheckpointIsCompleteOrAbsent) {
  int n = 1;
  int left_absent = 0;
  for (;; ++n) {
    ASSERT_LT(n, 1000);
    const int error = n % 2 == 0 ? ENOSPC : EIO;
    FailingOperations operations(n, error);
    const auto committed = Save(root_, id_, &operations);
    const auto verified = VerifyCheckpoint(root_, id_, "");
    const auto list = ListCheckpoints(root_);
    ASSERT_TRUE(list.ok());
    if (!operations.hit()) {
      ASSERT_TRUE(committed.ok()) << committed.error().ToString();
      ASSERT_TRUE(verified.ok());
      break;
    }
    ASSERT_FALSE(committed.ok()) << "call " << n << " failed unnoticed";
    EXPECT_EQ(committed.error().code(),
              error == ENOSPC ? ErrorCode::kResourceExhausted : ErrorCode::kInternal)
        << committed.error().ToString();
    if (verified.ok()) {
      EXPECT_EQ(list->size(), 1u);
      ASSERT_TRUE(DeleteCheckpoint(root_, id_).ok());
    } else {
      EXPECT_EQ(verified.error().code(), ErrorCode::kNotFound) << verified.error().ToString();
      EXPECT_TRUE(list->empty());
      ++left_absent;
    }
    // Half of the rounds go on from what the failure left behind, half from nothing.
    if (n % 4 < 2) {
      ASSERT_TRUE(SweepTemporary(root_, {}).ok());
      fs::remove_all(root_ + "/3");
    }
  }
  EXPECT_GT(left_absent, 15);
}

TEST_F(CheckpointDirectory, WhateverCallFailsADeletedCheckpointIsCompleteOrAbsent) {
  for (int n = 1;; ++n) {
    ASSERT_LT(n, 100);
    ASSERT_TRUE(Save(root_, id_).ok());
    FailingOperations operations(n, EIO);
    const Status deleted = DeleteCheckpoint(root_, id_, &operations);
    const auto verified = VerifyCheckpoint(root_, id_, "");
    if (!verified.ok()) {
      EXPECT_EQ(verified.error().code(), ErrorCode::kNotFound);
    }
    if (!operations.hit()) {
      EXPECT_TRUE(deleted.ok());
      EXPECT_FALSE(verified.ok());
      break;
    }
    EXPECT_FALSE(deleted.ok()) << "call " << n << " failed unnoticed";
    ASSERT_TRUE(DeleteCheckpoint(root_, id_).ok());
  }
  EXPECT_TRUE(fs::is_empty(root_ + "/3/14"));
}

TEST_F(CheckpointDirectory, ShortWritesAndInterruptsAreGoneOn) {
  class Slow : public FileOperations {
   public:
    ssize_t Write(int fd, const void* data, std::size_t n) override {
      if (++calls_ % 2 == 0) {
        errno = EINTR;
        return -1;
      }
      return FileOperations::Write(fd, data, n > 3 ? 3 : n);
    }

   private:
    int calls_ = 0;
  } slow;
  const auto committed = Save(root_, id_, &slow);
  ASSERT_TRUE(committed.ok()) << committed.error().ToString();
  EXPECT_TRUE(VerifyCheckpoint(root_, id_, committed->sha256).ok());
}

TEST_F(CheckpointDirectory, AnExistingCheckpointIsNeverReplaced) {
  const auto first = Save(root_, id_);
  ASSERT_TRUE(first.ok());
  const auto second = Save(root_, id_);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(VerifyCheckpoint(root_, id_, first->sha256).ok());
}

TEST_F(CheckpointDirectory, DamageToAnyFileIsFoundAndNamed) {
  for (const char* name : {"weights.safetensors", "optimizer.safetensors", "manifest.json"}) {
    for (const char* damage : {"flip", "cut", "remove", "link"}) {
      fs::remove_all(root_ + "/3");
      const auto committed = Save(root_, id_);
      ASSERT_TRUE(committed.ok());
      const std::string path = root_ + "/3/14/15-step-926/" + name;
      const std::string how = damage;
      if (how == "flip") {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(2);
        file.put('\x01');
      } else if (how == "cut") {
        fs::resize_file(path, fs::file_size(path) - 1);
      } else {
        fs::remove(path);
        if (how == "link") fs::create_symlink("/etc/passwd", path);
      }
      const auto loaded = LoadCheckpoint(root_, id_, committed->sha256);
      ASSERT_FALSE(loaded.ok()) << name << " " << damage;
      EXPECT_THAT(loaded.error().ToString(), HasSubstr(name));
      if (how != "link") {
        EXPECT_EQ(loaded.error().code(), ErrorCode::kDataLoss);
      }
    }
  }
}

TEST_F(CheckpointDirectory, AManifestOfAnotherPlaceIsRefused) {
  ASSERT_TRUE(Save(root_, id_).ok());
  fs::rename(root_ + "/3/14/15-step-926", root_ + "/3/14/16-step-926");
  const auto moved = VerifyCheckpoint(root_, {3, 14, 16, 926}, "");
  ASSERT_FALSE(moved.ok());
  EXPECT_THAT(moved.error().ToString(), HasSubstr("is of attempt 15"));
}

TEST_F(CheckpointDirectory, BadFileNamesAreRefusedInWritingAndReading) {
  CheckpointWriter writer(root_, id_);
  ASSERT_TRUE(writer.Open().ok());
  const std::string long_name(129, 'x');
  for (const std::string& name :
       {std::string(), std::string(".x"), std::string("a/b"), std::string("../x"),
        std::string("manifest.json"), std::string("a b"), long_name}) {
    const auto written = writer.WriteFile(name, {"x"});
    ASSERT_FALSE(written.ok()) << name;
    EXPECT_EQ(written.error().code(), ErrorCode::kInvalidArgument);
    Manifest manifest;
    manifest.files = {{name, 1, std::string(64, '0')}};
    EXPECT_FALSE(Manifest::FromJson(manifest.ToJson()).ok()) << name;
  }
}

TEST_F(CheckpointDirectory, ManifestsWithWrongFieldsAreRefused) {
  const Json good = Manifest{}.ToJson();
  ASSERT_TRUE(Manifest::FromJson(good).ok());
  const std::vector<std::pair<std::string, Json>> cases{
      {"format", 2},     {"format", "1"}, {"attempt", -1}, {"step", 1.5},
      {"world_size", 0}, {"parts", 1},    {"files", Json::MakeArray({1})},
      {"files", Json::MakeArray({Json::MakeObject({{"name", "a"}})})}};
  for (const auto& [key, value] : cases) {
    Json bad = good;
    bad.Set(key, value);
    const auto manifest = Manifest::FromJson(bad);
    ASSERT_FALSE(manifest.ok()) << key;
    EXPECT_EQ(manifest.error().code(), ErrorCode::kDataLoss);
  }
}

TEST_F(CheckpointDirectory, NamesAreReadStrictly) {
  EXPECT_EQ(*CheckpointId::Parse("3/14/15-step-926"), id_);
  for (const char* bad : {"", "3/14", "3/14/15-step-", "03/14/15-step-1", "3/14/15-step-1/",
                          "../14/15-step-1", "3/-1/15-step-1", "3/14/15-step-1 ",
                          "3/14/.tmp-15-1", "99999999999999999999/1/1-step-1"}) {
    EXPECT_FALSE(CheckpointId::Parse(bad).ok()) << bad;
  }
}

TEST_F(CheckpointDirectory, SweepLeavesLiveAttemptsAndCommittedCheckpoints) {
  ASSERT_TRUE(Save(root_, id_).ok());
  for (const std::int64_t attempt : {20, 21}) {
    CheckpointWriter writer(root_, {3, 14, attempt, 5});
    ASSERT_TRUE(writer.Open().ok());
    ASSERT_TRUE(writer.WriteFile("weights.safetensors", {"x"}).ok());
  }
  const auto removed = SweepTemporary(root_, {21});
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(*removed, 1);
  EXPECT_FALSE(fs::exists(root_ + "/3/14/.tmp-20-5"));
  EXPECT_TRUE(fs::exists(root_ + "/3/14/.tmp-21-5"));
  EXPECT_TRUE(VerifyCheckpoint(root_, id_, "").ok());
  EXPECT_EQ(*SweepTemporary(root_ + "/nothing", {}), 0);
}

TEST_F(CheckpointDirectory, AQuarantinedCheckpointIsKeptButNotListed) {
  ASSERT_TRUE(Save(root_, id_).ok());
  ASSERT_TRUE(QuarantineCheckpoint(root_, id_).ok());
  EXPECT_TRUE(ListCheckpoints(root_)->empty());
  EXPECT_TRUE(fs::exists(root_ + "/3/14/.bad-15-step-926/manifest.json"));
}

TEST_F(CheckpointDirectory, SeveralRanksWriteIntoOneCheckpoint) {
  CheckpointWriter rank0(root_, id_);
  CheckpointWriter rank1(root_, id_);
  ASSERT_TRUE(rank0.Open().ok());
  ASSERT_TRUE(rank1.Open(false).ok());
  const auto a = rank0.WriteFile("rank0.safetensors", {"a"});
  const auto b = rank1.WriteFile("rank1.safetensors", {"b"});
  Manifest manifest;
  manifest.attempt = id_.attempt;
  manifest.step = id_.step;
  manifest.files = {*a, *b};
  ASSERT_TRUE(rank0.Commit(manifest).ok());
  EXPECT_EQ(LoadCheckpoint(root_, id_, "")->files.size(), 2u);
}

// Root may write anywhere, so that as root the test becomes somebody else for a moment.
TEST_F(CheckpointDirectory, ADirectoryWithoutWritePermissionIsNamed) {
  fs::permissions(root_, fs::perms::owner_read | fs::perms::owner_exec |
                             fs::perms::others_read | fs::perms::others_exec);
  const bool root = ::geteuid() == 0;
  if (root && ::seteuid(65534) != 0) GTEST_SKIP() << "SKIPPED: root that cannot change its user";
  const auto committed = Save(root_, id_);
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  fs::permissions(root_, fs::perms::owner_all);
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().code(), ErrorCode::kPermissionDenied);
  EXPECT_THAT(committed.error().ToString(), HasSubstr(root_));
}

TEST_F(CheckpointDirectory, AMissingRootIsNotMade) {
  const auto committed = Save(root_ + "/absent", id_);
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tutti::checkpoint
