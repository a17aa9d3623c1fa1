// Goal: a checkpoint is there as a whole and as it was sent, or not at all; no name leads out of
// the root.
// Method: uploads in chunks, complete, damaged, repeated and given up, in a temporary directory.

#include "storage/checkpoint_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "experiments/core/sha256.h"
#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Checkpoints : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = directory_ / "checkpoints";
    auto store = CheckpointStore::Open(root_ + "/");
    ASSERT_TRUE(store) << store.error().ToString();
    store_ = std::move(store).value();
  }
  std::unique_ptr<CheckpointReceiver> Receive(const std::string& name) {
    auto receiver = store_->Receive(name);
    EXPECT_TRUE(receiver) << receiver.error().ToString();
    return std::move(receiver).value();
  }
  static Status Send(CheckpointReceiver& receiver, const std::string& file,
                     const std::string& text) {
    TUTTI_RETURN_IF_ERROR(receiver.Append(file, 0, text));
    return receiver.FinishFile(file, Sha256Hex(text));
  }
  // A whole checkpoint of two files.
  Result<std::string> Upload(const std::string& name, const std::string& manifest) {
    const auto receiver = Receive(name);
    TUTTI_RETURN_IF_ERROR(Send(*receiver, "weights.safetensors", "weights"));
    TUTTI_RETURN_IF_ERROR(Send(*receiver, "manifest.json", manifest));
    return receiver->Commit();
  }
  std::size_t Entries() const {
    const auto all = fs::recursive_directory_iterator(root_);
    return static_cast<std::size_t>(std::distance(fs::begin(all), fs::end(all)));
  }
  TemporaryDirectory directory_;
  std::string root_;
  std::unique_ptr<CheckpointStore> store_;
};

TEST_F(Checkpoints, AppearWholeUnderTheirNameOnly) {
  const auto receiver = Receive("1/2/3-step-40");
  ASSERT_TRUE(receiver->Append("weights.safetensors", 0, "wei"));
  ASSERT_TRUE(receiver->Append("weights.safetensors", 3, "ghts"));
  ASSERT_TRUE(receiver->FinishFile("weights.safetensors", Sha256Hex("weights")));
  ASSERT_TRUE(Send(*receiver, "empty", ""));
  ASSERT_TRUE(Send(*receiver, "manifest.json", "{}"));
  EXPECT_FALSE(fs::exists(root_ + "/1/2/3-step-40"));
  EXPECT_FALSE(store_->OpenForReading("1/2/3-step-40"));
  const auto sha256 = receiver->Commit();
  ASSERT_TRUE(sha256) << sha256.error().ToString();
  EXPECT_EQ(*sha256, Sha256Hex("{}"));
  auto reader = store_->OpenForReading("1/2/3-step-40");
  ASSERT_TRUE(reader) << reader.error().ToString();
  const auto& files = (*reader)->files();
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].name, "empty");
  EXPECT_EQ(files[0].bytes, 0);
  EXPECT_EQ(files[1].name, "weights.safetensors");
  EXPECT_EQ(files[1].bytes, 7);
  EXPECT_EQ(files[2].name, "manifest.json");
  EXPECT_EQ(*(*reader)->Read("weights.safetensors", 0, 4), "weig");
  EXPECT_EQ(*(*reader)->Read("weights.safetensors", 4, 4), "hts");
  EXPECT_EQ(*(*reader)->Read("weights.safetensors", 7, 4), "");
  EXPECT_EQ(*(*reader)->Read("manifest.json", 0, 100), "{}");
  EXPECT_EQ((*reader)->Read("other", 0, 1).error().code(), ErrorCode::kNotFound);
  struct stat info {};
  ASSERT_EQ(stat((root_ + "/1/2/3-step-40").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_F(Checkpoints, AWrongHashPublishesNothing) {
  {
    const auto receiver = Receive("1/1/1-step-1");
    ASSERT_TRUE(receiver->Append("manifest.json", 0, "{}"));
    const Status finished = receiver->FinishFile("manifest.json", Sha256Hex("{ }"));
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code(), ErrorCode::kDataLoss);
    EXPECT_THAT(finished.error().ToString(), HasSubstr(Sha256Hex("{}")));
    EXPECT_FALSE(receiver->FinishFile("manifest.json", Sha256Hex("{}")));
    EXPECT_EQ(receiver->Commit().error().code(), ErrorCode::kFailedPrecondition);
  }
  EXPECT_FALSE(store_->OpenForReading("1/1/1-step-1"));
}

TEST_F(Checkpoints, ChunksMustFollowEachOther) {
  const auto receiver = Receive("1/1/1-step-1");
  EXPECT_FALSE(receiver->Append("a", 1, "x"));
  const auto second = Receive("1/1/1-step-1");
  ASSERT_TRUE(second->Append("a", 0, "xy"));
  EXPECT_EQ(second->Append("a", 1, "y").error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(second->Append("a", 3, "y").error().code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(second->Append("b", 0, "y").error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(second->FinishFile("b", "").error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(second->Commit().error().code(), ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(second->FinishFile("a", Sha256Hex("xy")));
  EXPECT_EQ(second->Append("a", 0, "x").error().code(), ErrorCode::kFailedPrecondition);
}

TEST_F(Checkpoints, NeedAManifest) {
  const auto receiver = Receive("1/1/1-step-1");
  ASSERT_TRUE(Send(*receiver, "weights.safetensors", "w"));
  const auto committed = receiver->Commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(committed.error().ToString(), HasSubstr("manifest.json"));
}

TEST_F(Checkpoints, ARepeatedUploadSucceedsAndAnotherOneDoesNot) {
  ASSERT_TRUE(Upload("1/1/1-step-1", "{}"));
  const std::size_t entries = Entries();
  const auto again = Upload("1/1/1-step-1", "{}");
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(*again, Sha256Hex("{}"));
  const auto other = Upload("1/1/1-step-1", "{\"other\":1}");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Entries(), entries);
  auto reader = store_->OpenForReading("1/1/1-step-1");
  ASSERT_TRUE(reader);
  EXPECT_EQ(*(*reader)->Read("manifest.json", 0, 100), "{}");
}

TEST_F(Checkpoints, AnUploadThatIsGivenUpLeavesNoFiles) {
  {
    const auto receiver = Receive("1/1/1-step-1");
    ASSERT_TRUE(receiver->Append("weights.safetensors", 0, "w"));
  }
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    files += entry.is_regular_file() ? 1 : 0;
    EXPECT_FALSE(entry.path().filename().string().starts_with(".tmp-")) << entry.path();
  }
  EXPECT_EQ(files, 0u);
}

TEST_F(Checkpoints, TheSweepRemovesOnlyWhatIsUnfinished) {
  ASSERT_TRUE(Upload("1/1/1-step-1", "{}"));
  fs::create_directories(root_ + "/1/1/.tmp-1-step-2.abc");
  std::ofstream(root_ + "/1/1/.tmp-1-step-2.abc/weights.safetensors") << "w";
  fs::create_directories(root_ + "/2/1/.tmp-x/.tmp-y");
  const auto swept = store_->SweepUnfinished();
  ASSERT_TRUE(swept) << swept.error().ToString();
  EXPECT_EQ(*swept, 2);
  EXPECT_FALSE(fs::exists(root_ + "/1/1/.tmp-1-step-2.abc"));
  EXPECT_FALSE(fs::exists(root_ + "/2/1/.tmp-x"));
  EXPECT_TRUE(store_->OpenForReading("1/1/1-step-1"));
  EXPECT_EQ(*store_->SweepUnfinished(), 0);
}

TEST_F(Checkpoints, DeleteRemovesEmptyParentsAndMayBeRepeated) {
  ASSERT_TRUE(Upload("1/1/1-step-1", "{}"));
  ASSERT_TRUE(Upload("1/1/1-step-2", "{}"));
  ASSERT_TRUE(store_->Delete("1/1/1-step-1"));
  EXPECT_TRUE(store_->OpenForReading("1/1/1-step-2"));
  ASSERT_TRUE(store_->Delete("1/1/1-step-2"));
  EXPECT_EQ(Entries(), 0u);
  EXPECT_TRUE(fs::is_directory(root_));
  EXPECT_TRUE(store_->Delete("1/1/1-step-2"));
  EXPECT_TRUE(store_->Delete("9/9"));
}

TEST_F(Checkpoints, DeleteRefusesADirectoryOfCheckpoints) {
  ASSERT_TRUE(Upload("1/1/1-step-1", "{}"));
  const Status deleted = store_->Delete("1/1");
  ASSERT_FALSE(deleted);
  EXPECT_EQ(deleted.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(store_->OpenForReading("1/1/1-step-1"));
}

TEST_F(Checkpoints, ReadOnlyRegularFilesAndFollowNoLinks) {
  ASSERT_TRUE(Upload("1/1/1-step-1", "{}"));
  std::ofstream(directory_ / "secret") << "secret";
  fs::create_symlink(directory_ / "secret", root_ + "/1/1/1-step-1/link");
  auto reader = store_->OpenForReading("1/1/1-step-1");
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->files().size(), 2u);
  EXPECT_EQ((*reader)->Read("link", 0, 10).error().code(), ErrorCode::kNotFound);
}

TEST_F(Checkpoints, NoNameLeadsOutOfTheRoot) {
  const std::string names[] = {"",        ".",         "..",      "../x",          "a/../b",
                               "/etc",    "a//b",      "a/",      "a/.hidden",     ".tmp-x",
                               "a b",     "a\\b",      "a\nb",    std::string("a\0b", 3),
                               "\xc3\xa4", std::string(129, 'a'), "1/2/3/4/5/6/7/8/9"};
  for (const std::string& name : names) {
    EXPECT_EQ(ValidateCheckpointName(name).error().code(), ErrorCode::kInvalidArgument) << name;
    EXPECT_FALSE(store_->Receive(name)) << name;
    EXPECT_FALSE(store_->OpenForReading(name)) << name;
    EXPECT_FALSE(store_->Delete(name)) << name;
  }
  for (const char* const file : {"..", "a/b", "", ".x", "/a"}) {
    const auto receiver = Receive("1/1/1-step-1");
    EXPECT_EQ(receiver->Append(file, 0, "x").error().code(), ErrorCode::kInvalidArgument) << file;
  }
  for (const std::string& name : {std::string("1/2/3-step-4"), std::string("a.b_c-D"),
                                  std::string(128, 'a'), std::string("1/2/3/4/5/6/7/8")}) {
    EXPECT_TRUE(ValidateCheckpointName(name)) << name;
  }
}

TEST(CheckpointStore, NamesARootThatCannotBeMade) {
  TemporaryDirectory directory;
  const auto store = CheckpointStore::Open(directory / "missing/checkpoints");
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().ToString(), HasSubstr("missing/checkpoints"));
}

}  // namespace
}  // namespace tutti::storage
