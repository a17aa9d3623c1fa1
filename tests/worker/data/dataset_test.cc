// Goal: LoadDataset finds and decodes every kind of data set, and says exactly what is wrong with
// a bad file. Method: small IDX files written here, one damaged in one way per case.
#include "worker/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/worker/data/data_files.h"
#include "worker/data/inventory.h"

namespace tutti {
namespace {

using test::CountingPixels;
using test::Gzip;
using test::IdxImages;
using test::IdxLabels;
using test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kTrainImages = "train-images-idx3-ubyte";
const std::string kTrainLabels = "train-labels-idx1-ubyte";
const std::string kTestImages = "t10k-images-idx3-ubyte";
const std::string kTestLabels = "t10k-labels-idx1-ubyte";

DataConfig Config(const std::string& dataset) {
  DataConfig config;
  config.dataset = dataset;
  return config;
}

void WriteMnist(const TemporaryFolder& folder, const std::string& below, bool packed) {
  const auto write = [&](const std::string& name, const std::string& bytes) {
    folder.Write(below + name + (packed ? ".gz" : ""), packed ? Gzip(bytes) : bytes);
  };
  write(kTrainImages, IdxImages(3, 2, 2, CountingPixels(3, 2, 2)));
  write(kTrainLabels, IdxLabels({7, 0, 9}));
  write(kTestImages, IdxImages(1, 2, 2, CountingPixels(1, 2, 2)));
  write(kTestLabels, IdxLabels({4}));
}

void ExpectMnist(const Result<Dataset>& data) {
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_EQ(data->train.n, 3);
  EXPECT_EQ(data->train.c, 1);
  EXPECT_EQ(data->train.h, 2);
  EXPECT_EQ(data->train.w, 2);
  EXPECT_THAT(data->train.labels, ElementsAre(7, 0, 9));
  EXPECT_THAT(data->train.pixels, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  EXPECT_EQ(data->test.n, 1);
  EXPECT_THAT(data->test.labels, ElementsAre(4));
  EXPECT_EQ(data->class_names.size(), 10u);
  EXPECT_EQ(data->sha256.size(), 64u);
}

TEST(LoadDataset, ReadsMnistPackedOrPlainInItsFolderOrInTheRoot) {
  for (const char* below : {"mnist/", "MNIST/raw/", ""}) {
    for (const bool packed : {false, true}) {
      TemporaryFolder folder;
      WriteMnist(folder, below, packed);
      ExpectMnist(LoadDataset(Config("mnist"), folder.path()));
    }
  }
}

TEST(LoadDataset, ConfiguredRootWinsOverTheDefault) {
  TemporaryFolder folder;
  WriteMnist(folder, "mnist/", false);
  DataConfig config = Config("mnist");
  config.root = folder.path();
  ExpectMnist(LoadDataset(config, "/nonexistent"));
}

TEST(LoadDataset, FilesInTheRootAreNotTakenForFashionMnist) {
  TemporaryFolder folder;
  WriteMnist(folder, "", false);
  const auto data = LoadDataset(Config("fashion-mnist"), folder.path());
  ASSERT_FALSE(data.ok());
  EXPECT_EQ(data.error().code(), ErrorCode::kNotFound);
  EXPECT_THAT(data.error().ToString(), HasSubstr("tutti data fetch fashion-mnist"));
}

TEST(LoadDataset, UnknownNameListsTheKnownOnes) {
  const auto data = LoadDataset(Config("cifar"), "/");
  ASSERT_FALSE(data.ok());
  EXPECT_EQ(data.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(data.error().ToString(), HasSubstr("glyphs, mnist, fashion-mnist"));
}

TEST(LoadDataset, MissingFileIsNamedWithTheCommandThatGetsIt) {
  TemporaryFolder folder;
  WriteMnist(folder, "mnist/", true);
  std::filesystem::remove(folder.path() + "/mnist/" + kTestLabels + ".gz");
  const auto data = LoadDataset(Config("mnist"), folder.path());
  ASSERT_FALSE(data.ok());
  EXPECT_EQ(data.error().code(), ErrorCode::kNotFound);
  EXPECT_THAT(data.error().ToString(), HasSubstr(kTestLabels));
  EXPECT_THAT(data.error().ToString(), HasSubstr("tutti data fetch mnist"));
}

TEST(LoadDataset, AHalfThatNobodyNeedsMayBeMissing) {
  TemporaryFolder folder;
  WriteMnist(folder, "mnist/", true);
  std::filesystem::remove(folder.path() + "/mnist/" + kTrainImages + ".gz");
  EXPECT_FALSE(LoadDataset(Config("mnist"), folder.path()).ok());
  const auto data = LoadDataset(Config("mnist"), folder.path(), {.train = false, .test = true});
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_EQ(data->train.n, 0);
  EXPECT_THAT(data->test.labels, ElementsAre(4));
  EXPECT_EQ(data->class_names.size(), 10u);
  const auto train = LoadDataset(Config("mnist"), folder.path(), {.train = true, .test = false});
  ASSERT_FALSE(train.ok());
  EXPECT_THAT(train.error().ToString(), HasSubstr(kTrainImages));
}

TEST(HalvesOf, TestIsItsOwnHalfUnlessItIsCutFromTrain) {
  const auto halves = [](const DataConfig& config, std::vector<Split> splits) {
    const NeededHalves needed = HalvesOf(config, splits);
    return std::pair(needed.train, needed.test);
  };
  DataConfig config;
  EXPECT_EQ(halves(config, {Split::kTrain, Split::kValidation}), std::pair(true, false));
  EXPECT_EQ(halves(config, {Split::kTest}), std::pair(false, true));
  EXPECT_EQ(halves(config, {Split::kValidation, Split::kTest}), std::pair(true, true));
  config.train_fraction = 0.7;
  config.test_fraction = 0.1;
  EXPECT_EQ(halves(config, {Split::kTest}), std::pair(true, false));
}

struct BadFile {
  std::string file;
  std::string bytes;
  std::string message;
};

TEST(LoadDataset, EveryKindOfBadFileIsNamedWithFoundAndExpected) {
  const std::string images = IdxImages(3, 2, 2, CountingPixels(3, 2, 2));
  const std::vector<BadFile> cases{
      {kTrainImages, "", "truncated: 0 bytes"},
      {kTrainImages, images.substr(0, 3), "truncated: 3 bytes"},
      {kTrainImages, images.substr(0, 9), "truncated: 9 bytes"},
      {kTrainImages, images.substr(0, 20), "truncated: 4 bytes of data, expected 3 x 2 x 2"},
      {kTrainImages, images + "x", "trailing bytes: 13 bytes of data, expected 3 x 2 x 2"},
      {kTrainImages, IdxLabels({1, 2, 3}), "wrong magic 0x00000801, expected 0x00000803"},
      {kTrainImages, "<!DOCTYPE html><html>", "wrong magic 0x3C21444F"},
      {kTrainImages, IdxImages(0, 2, 2, ""), "holds no image"},
      {kTrainImages, IdxImages(0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, "abc"), "truncated: 3 bytes"},
      {kTrainLabels, images, "this is a file of images"},
      {kTrainLabels, IdxLabels({1, 2}), "2 labels, expected 3"},
      {kTrainLabels, IdxLabels({1, 2, 10}), "label 10 of image 2 is out of range, expected 0 to 9"},
      {kTestImages, IdxImages(1, 3, 2, CountingPixels(1, 3, 2)), "2 x 2, test images 3 x 2"},
      {kTrainImages + ".gz", Gzip(images).substr(0, 25), "truncated"},
      {kTrainImages + ".gz", Gzip(images).substr(0, 10) + "garbage", "damaged gzip"},
  };
  for (const BadFile& bad : cases) {
    TemporaryFolder folder;
    WriteMnist(folder, "mnist/", false);
    if (bad.file.ends_with(".gz")) {
      std::filesystem::remove(folder.path() + "/mnist/" + kTrainImages);
    }
    const std::string path = folder.Write("mnist/" + bad.file, bad.bytes);
    const auto data = LoadDataset(Config("mnist"), folder.path());
    ASSERT_FALSE(data.ok()) << bad.message;
    EXPECT_EQ(data.error().code(), ErrorCode::kDataLoss) << data.error().ToString();
    EXPECT_THAT(data.error().ToString(), HasSubstr(bad.message));
    if (bad.file != kTestImages) {
      EXPECT_THAT(data.error().ToString(), HasSubstr(path));
    }
  }
}

TEST(LoadDataset, WrongGzipChecksumIsFound) {
  TemporaryFolder folder;
  WriteMnist(folder, "mnist/", false);
  std::filesystem::remove(folder.path() + "/mnist/" + kTrainImages);
  std::string packed = Gzip(IdxImages(3, 2, 2, CountingPixels(3, 2, 2)));
  packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);
  folder.Write("mnist/" + kTrainImages + ".gz", packed);
  const auto data = LoadDataset(Config("mnist"), folder.path());
  ASSERT_FALSE(data.ok());
  EXPECT_THAT(data.error().ToString(), HasSubstr("incorrect data check"));
}

// 26 letters, 28 x 28, with one pixel set in row 5, column 20 of the file's orientation.
void WriteLetters(const TemporaryFolder& folder, const std::string& mapping) {
  std::string image(28 * 28, '\0');
  image[5 * 28 + 20] = '\xff';
  for (const char* half : {"train", "test"}) {
    const std::string base = std::string("emnist/emnist-letters-") + half;
    folder.Write(base + "-images-idx3-ubyte.gz", Gzip(IdxImages(2, 28, 28, image + image)));
    folder.Write(base + "-labels-idx1-ubyte.gz", Gzip(IdxLabels({1, 26})));
  }
  folder.Write("emnist/emnist-letters-mapping.txt", mapping);
}

std::string LetterMapping() {
  std::string text;
  for (int k = 1; k <= 26; ++k) {
    text += std::to_string(k) + " " + std::to_string(64 + k) + " " + std::to_string(96 + k) + "\n";
  }
  return text;
}

TEST(LoadDataset, EmnistLettersAreTurnedUprightAndCountFromZero) {
  TemporaryFolder folder;
  WriteLetters(folder, LetterMapping());
  const auto data = LoadDataset(Config("emnist/letters"), folder.path());
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_THAT(data->train.labels, ElementsAre(0, 25));
  EXPECT_EQ(data->train.pixels[20 * 28 + 5], 255);
  EXPECT_EQ(data->train.pixels[784 + 20 * 28 + 5], 255);
  EXPECT_EQ(data->train.pixels[5 * 28 + 20], 0);
  ASSERT_EQ(data->class_names.size(), 26u);
  EXPECT_EQ(data->class_names.front(), "A");
  EXPECT_EQ(data->class_names.back(), "Z");
}

TEST(LoadDataset, BadMappingFilesAreNamedByLine) {
  const std::string good = LetterMapping();
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "0 classes, expected 26"},
      {good + "27 65\n", "27 classes, expected 26"},
      {"1 65\n3 66\n", ":2: label 3, expected 2"},
      {"1 65\nB\n", ":2: \"B\", expected a label and an ASCII code"},
      {"1 7\n", ":1: code 7 is no ASCII digit or letter"},
  };
  for (const auto& [mapping, message] : cases) {
    TemporaryFolder folder;
    WriteLetters(folder, mapping);
    const auto data = LoadDataset(Config("emnist/letters"), folder.path());
    ASSERT_FALSE(data.ok()) << message;
    EXPECT_THAT(data.error().ToString(), HasSubstr("emnist-letters-mapping.txt"));
    EXPECT_THAT(data.error().ToString(), HasSubstr(message));
  }
}

TEST(LoadDataset, IdxReadsOwnFilesWithOwnNames) {
  TemporaryFolder folder;
  folder.Write("a.idx", IdxImages(2, 3, 3, CountingPixels(2, 3, 3)));
  const std::string labels = folder.Write("b.idx", IdxLabels({5, 6}));
  DataConfig config = Config("idx");
  config.options = Json::MakeObject({{"train_images", "a.idx"},
                                     {"train_labels", labels},
                                     {"first_label", 5},
                                     {"transposed", true},
                                     {"class_names", Json::MakeArray({"five", "six"})}});
  const auto data = LoadDataset(config, folder.path());
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_EQ(data->test.n, 0);
  EXPECT_THAT(data->train.labels, ElementsAre(0, 1));
  EXPECT_THAT(data->class_names, ElementsAre("five", "six"));
  EXPECT_EQ(data->train.pixels[1], 3);  // was row 1, column 0
}

TEST(LoadDataset, OptionsThatNobodyReadsOrThatAreOutOfRangeAreRefused) {
  const std::vector<std::tuple<std::string, Json, std::string>> cases{
      {"glyphs", Json::MakeObject({{"tran", 10}}), "data.options.tran is no option of glyphs"},
      {"glyphs", Json::MakeObject({{"train", -1}}), "data.options.train is -1"},
      {"glyphs", Json::MakeObject({{"classes", 37}}), "from 2 to 36"},
      {"glyphs", Json::MakeArray({1}), "must be a map"},
      {"idx", Json(), "needs data.options.train_images"},
      {"idx", Json::MakeObject({{"train_images", "x"}}), "train_images and train_labels"},
      {"idx", Json::MakeObject({{"test_images", 3}}), "expected the path of an IDX file"},
      {"idx",
       Json::MakeObject({{"train_images", "x"}, {"train_labels", "y"}, {"transposed", "yes"}}),
       "expected true or false"},
      {"idx", Json::MakeObject({{"class_names", Json::MakeArray({1})}}), "a list of texts"},
  };
  for (const auto& [dataset, options, message] : cases) {
    DataConfig config = Config(dataset);
    config.options = options;
    const auto data = LoadDataset(config, "/nonexistent");
    ASSERT_FALSE(data.ok()) << message;
    EXPECT_EQ(data.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(data.error().ToString(), HasSubstr(message));
  }
}

TEST(ListDatasets, NamesWhatIsThereAndWhatIsMissingWithTheIdentityOfLoading) {
  TemporaryFolder folder;
  WriteMnist(folder, "mnist/", true);
  folder.Write("emnist/emnist-letters-mapping.txt", LetterMapping());
  const auto list = ListDatasets(folder.path());
  ASSERT_TRUE(list.ok()) << list.error().ToString();
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ((*list)[0].name, "glyphs");
  EXPECT_EQ((*list)[0].sha256, LoadDataset(Config("glyphs"), "")->sha256);
  EXPECT_EQ((*list)[1].name, "mnist");
  EXPECT_TRUE((*list)[1].complete);
  EXPECT_EQ((*list)[1].sha256, LoadDataset(Config("mnist"), folder.path())->sha256);
  EXPECT_EQ((*list)[2].name, "emnist/letters");
  EXPECT_FALSE((*list)[2].complete);
  EXPECT_EQ((*list)[2].missing.size(), 4u);
}

TEST(ListDatasets, AbsentRootHoldsOnlyGlyphs) {
  const auto list = ListDatasets("/nonexistent");
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->size(), 1u);
}

}  // namespace
}  // namespace tutti
