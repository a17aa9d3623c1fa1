// Goal: tables of images are read exactly, and every wrong row is named by file and line. Method:
// small files written here, one wrong in one way per case.
#include "worker/data/csv_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/data/data_files.h"
#include "worker/data/splits.h"
#include "worker/data/statistics.h"

namespace tutti {
namespace {

using test::Gzip;
using test::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kHeader = "label,pixel0,pixel1,pixel2,pixel3\n";

DataConfig Config(Json options) {
  DataConfig config;
  config.dataset = "csv";
  config.options = std::move(options);
  return config;
}

TEST(LoadCsv, ReadsKagglesFilesAndATestWithoutLabels) {
  TemporaryFolder folder;
  folder.Write("train.csv", kHeader + "7,0,1,2,255\n0,9,8,7,6\n");
  folder.Write("test.csv", "pixel0,pixel1,pixel2,pixel3\n4,3,2,1\n");
  const auto data = LoadDataset(
      Config(Json::MakeObject({{"train", "train.csv"}, {"test", "test.csv"}})), folder.path());
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_EQ(data->train.n, 2);
  EXPECT_EQ(data->train.h, 2);
  EXPECT_EQ(data->train.w, 2);
  EXPECT_THAT(data->train.labels, ElementsAre(7, 0));
  EXPECT_THAT(data->train.pixels, ElementsAre(0, 1, 2, 255, 9, 8, 7, 6));
  EXPECT_THAT(data->test.labels, ElementsAre(-1));
  EXPECT_THAT(data->test.pixels, ElementsAre(4, 3, 2, 1));
  EXPECT_EQ(data->class_names.size(), 8u);
  EXPECT_EQ(data->sha256.size(), 64u);
}

TEST(LoadCsv, TakesEndingsQuotesSpacesGzipAndAnyColumnAsTheLabel) {
  const std::vector<std::string> texts{
      "a,b,digit,c,d\r\n1,2,3,4,5\r\n",
      "\xEF\xBB\xBF" "a,b,digit,c,d\n1,2,3,4,5",
      "\"a\",\"b\",\"digit\",\"c\",\"d\"\n\"1\", 2,\"3\",4 ,5\n\n",
      Gzip("a,b,digit,c,d\n1,2,3,4,5\n"),
  };
  for (const std::string& text : texts) {
    TemporaryFolder folder;
    folder.Write("t.csv", text);
    const auto data = LoadDataset(
        Config(Json::MakeObject({{"train", "t.csv"}, {"label", "digit"}})), folder.path());
    ASSERT_TRUE(data.ok()) << data.error().ToString();
    EXPECT_THAT(data->train.labels, ElementsAre(3));
    EXPECT_THAT(data->train.pixels, ElementsAre(1, 2, 4, 5));
    EXPECT_EQ(data->test.n, 0);
  }
}

TEST(LoadCsv, ShapeAndNamesOfClassesAreOptions) {
  TemporaryFolder folder;
  folder.Write("t.csv", "label,a,b,c,d,e,f\nB,1,2,3,4,5,6\n0,1,2,3,4,5,6\n");
  const auto data = LoadDataset(
      Config(Json::MakeObject({{"train", "t.csv"},
                               {"shape", Json::MakeArray({1, 2, 3})},
                               {"class_names", Json::MakeArray({"A", "B"})}})),
      folder.path());
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  EXPECT_EQ(data->train.h, 2);
  EXPECT_EQ(data->train.w, 3);
  EXPECT_THAT(data->train.labels, ElementsAre(1, 0));
  EXPECT_THAT(data->class_names, ElementsAre("A", "B"));
}

struct BadTable {
  std::string text;
  std::string message;
};

TEST(LoadCsv, EveryWrongRowIsNamedByFileAndLine) {
  const std::string row = "1,0,0,0,0\n";
  const std::vector<BadTable> cases{
      {"", ": empty, expected a header"},
      {kHeader, ": no rows after the header"},
      {row + row, ":1: the first line holds numbers, expected a header"},
      {"a,b,c,d\n1,2,3,4\n", ":1: no column is called \"label\" among 4 (\"a\" …)"},
      {"label,label,a,b,c,d\n", ":1: two columns are called label"},
      {"label,a,b,c\n1,2,3,4\n", ":1: 3 columns of pixels, expected the square of a number"},
      {"label\n1\n", ":1: 0 columns of pixels"},
      {kHeader + row + "1,0,0,0\n", ":3: 4 values, expected 5 as in the header"},
      {kHeader + row + row + "1,0,0,0,0,0\n", ":4: 6 values, expected 5 as in the header"},
      {kHeader + "1\n", ":2: 1 value, expected 5"},
      {kHeader + "1,0,x,0,0\n", ":2: column 3 is \"x\", expected a pixel"},
      {kHeader + "1,0,,0,0\n", ":2: column 3 is \"\", expected a pixel"},
      {kHeader + "1,0,256,0,0\n", ":2: column 3 is \"256\""},
      {kHeader + "1,0,-1,0,0\n", ":2: column 3 is \"-1\""},
      {kHeader + "1,0,0.5,0,0\n", ":2: column 3 is \"0.5\""},
      {kHeader + "1,0,99999999999999999999,0,0\n", ":2: column 3 is \"99999999999999999999\""},
      {kHeader + "seven,0,0,0,0\n", ":2: the label is \"seven\", expected an integer from 0"},
      {kHeader + "-1,0,0,0,0\n", ":2: the label is \"-1\""},
      {kHeader + ",0,0,0,0\n", ":2: the label is \"\""},
      {kHeader + std::string("1,0,\0,0,0\n", 10), ":2: column 3 is \"?\""},
  };
  for (const BadTable& bad : cases) {
    TemporaryFolder folder;
    const std::string path = folder.Write("train.csv", bad.text);
    const auto data =
        LoadDataset(Config(Json::MakeObject({{"train", "train.csv"}})), folder.path());
    ASSERT_FALSE(data.ok()) << bad.message;
    EXPECT_EQ(data.error().code(), ErrorCode::kDataLoss);
    EXPECT_THAT(data.error().ToString(), HasSubstr(path + bad.message));
  }
}

TEST(LoadCsv, WrongOptionsAndMissingFilesAreRefused) {
  TemporaryFolder folder;
  folder.Write("t.csv", kHeader + "1,0,0,0,0\n");
  const std::vector<std::pair<Json, std::string>> cases{
      {Json::MakeObject({}), "needs data.options.train, test, or both"},
      {Json::MakeObject({{"train", 3}}), "expected the path of a CSV file"},
      {Json::MakeObject({{"train", "t.csv"}, {"lable", "x"}}), "data.options.lable is no option"},
      {Json::MakeObject({{"train", "t.csv"}, {"shape", Json::MakeArray({2, 2})}}),
       "expected 3 integers"},
      {Json::MakeObject({{"train", "t.csv"}, {"shape", Json::MakeArray({1, 2, 3})}}),
       "4 columns of pixels, expected 1 x 2 x 3"},
      {Json::MakeObject({{"train", "absent.csv"}}), "absent.csv"},
  };
  for (const auto& [options, message] : cases) {
    const auto data = LoadDataset(Config(options), folder.path());
    ASSERT_FALSE(data.ok()) << message;
    EXPECT_THAT(data.error().ToString(), HasSubstr(message));
  }
}

TEST(LoadCsv, UnlabelledImagesBelongToTheTestSplitAndAreNotCounted) {
  TemporaryFolder folder;
  folder.Write("train.csv", kHeader + "0,0,0,0,0\n1,1,1,1,1\n2,2,2,2,2\n");
  folder.Write("test.csv", "a,b,c,d\n4,4,4,4\n5,5,5,5\n");
  DataConfig config = Config(Json::MakeObject({{"train", "train.csv"}, {"test", "test.csv"}}));
  config.validation_fraction = 0;
  config.classes = {2, 1};
  const auto data = LoadDataset(config, folder.path());
  ASSERT_TRUE(data.ok()) << data.error().ToString();
  const auto splits = MakeSplits(*data, config, 1);
  ASSERT_TRUE(splits.ok()) << splits.error().ToString();
  EXPECT_THAT(splits->test.items, ElementsAre(0, 1));
  EXPECT_THAT(splits->test.labels, ElementsAre(-1, -1));
  const Json described = DescribeSplits(*data, *splits);
  const Json& test = described["splits"]["test"];
  EXPECT_EQ(test["n"], Json(2));
  EXPECT_EQ(test["class_counts"], Json::MakeArray({0, 0}));
  EXPECT_EQ(test["intensity"][4], Json(4));
  EXPECT_EQ(described["splits"]["train"]["class_counts"], Json::MakeArray({1, 1}));
  EXPECT_EQ(described["splits"].Find("validation"), nullptr);
  EXPECT_EQ(described["shape"], Json::MakeArray({1, 2, 2}));
}

}  // namespace
}  // namespace tutti
