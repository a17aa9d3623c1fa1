// Goal: EMNIST's archive is taken apart right, and a damaged archive is refused without reading
// outside it. Method: archives built here by the book (APPNOTE 4.3), each field damaged.
#include "worker/data/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>

#include "experiments/core/rng.h"
#include "tests/worker/data/data_files.h"
#include "worker/data/fetch.h"
#include "worker/data/known_datasets.h"

namespace tutti {
namespace {

using test::TemporaryFolder;
using ::testing::HasSubstr;

struct Member {
  std::string name;
  std::string bytes;
  bool deflate = true;
};

std::string Number(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFF);
  return bytes;
}

// Raw deflate: gzip without its 10-byte header and 8-byte trailer.
std::string Deflate(const std::string& bytes) {
  const std::string packed = test::Gzip(bytes);
  return packed.substr(10, packed.size() - 18);
}

std::string MakeZip(const std::vector<Member>& members) {
  std::string file;
  std::string directory;
  for (const Member& member : members) {
    const std::string packed = member.deflate ? Deflate(member.bytes) : member.bytes;
    const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(member.bytes.data()),
                             static_cast<uInt>(member.bytes.size()));
    const std::string fields = Number(member.deflate ? 8 : 0, 2) + Number(0, 4) + Number(crc, 4) +
                               Number(packed.size(), 4) + Number(member.bytes.size(), 4) +
                               Number(member.name.size(), 2);
    // The local header has an extra field that the directory does not have, as archivers do.
    directory += "PK\x01\x02" + Number(20, 2) + Number(20, 2) + Number(0, 2) + fields +
                 Number(0, 2) + Number(0, 2) + Number(0, 2) + Number(0, 2) + Number(0, 4) +
                 Number(file.size(), 4) + member.name;
    file += "PK\x03\x04" + Number(20, 2) + Number(0, 2) + fields + Number(4, 2) + member.name +
            "XXXX" + packed;
  }
  const std::size_t at = file.size();
  return file + directory + "PK\x05\x06" + Number(0, 4) + Number(members.size(), 2) +
         Number(members.size(), 2) + Number(directory.size(), 4) + Number(at, 4) + Number(0, 2);
}

Result<std::string> Extract(const std::string& path, const ZipEntry& entry) {
  std::string bytes;
  TUTTI_RETURN_IF_ERROR(ExtractZipEntry(path, entry, [&](std::string_view piece) -> Status {
    bytes += piece;
    return Ok{};
  }));
  return bytes;
}

TEST(Zip, EntriesComeOutAsTheyWentIn) {
  TemporaryFolder folder;
  const std::vector<Member> members{{"a", "stored", false},
                                    {"dir/b", std::string(1'000'000, 'b')},
                                    {"c", test::CountingPixels(700, 1000, 1)},
                                    {"empty", ""},
                                    {"none", "", false}};
  const std::string path = folder.Write("x.zip", MakeZip(members));
  const auto entries = ListZip(path);
  ASSERT_TRUE(entries.ok()) << entries.error().ToString();
  ASSERT_EQ(entries->size(), members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    EXPECT_EQ((*entries)[i].name, members[i].name);
    const auto bytes = Extract(path, (*entries)[i]);
    ASSERT_TRUE(bytes.ok()) << bytes.error().ToString();
    EXPECT_EQ(*bytes, members[i].bytes);
  }
}

TEST(Zip, DamagedDataIsFoundByItsCrc) {
  TemporaryFolder folder;
  std::string file = MakeZip({{"a", "some stored bytes", false}});
  file[30 + 1 + 4 + 3] = '!';
  const std::string path = folder.Write("x.zip", file);
  const auto bytes = Extract(path, ListZip(path)->at(0));
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().code(), ErrorCode::kDataLoss);
  EXPECT_THAT(bytes.error().ToString(), HasSubstr("CRC-32 differs"));
}

TEST(Zip, EveryTruncationIsAnErrorAndNoDamageReadsOutside) {
  TemporaryFolder folder;
  const std::string good = MakeZip({{"a", "hello hello hello"}, {"b", "xyz", false}});
  const auto try_all = [&](const std::string& file) {
    const std::string path = folder.Write("x.zip", file);
    const auto entries = ListZip(path);
    if (!entries) return false;
    bool ok = true;
    for (const ZipEntry& entry : *entries) ok = Extract(path, entry).ok() && ok;
    return ok;
  };
  EXPECT_TRUE(try_all(good));
  for (std::size_t n = 0; n < good.size(); ++n) EXPECT_FALSE(try_all(good.substr(0, n))) << n;
  Rng rng(7);
  for (int i = 0; i < 500; ++i) {
    std::string file = good;
    file[rng.Below(file.size())] = static_cast<char>(rng.Below(256));
    (void)try_all(file);  // must end, in whatever way, under the sanitizers
  }
}

std::vector<Member> EmnistMembers() {
  std::vector<Member> members{{"gzip/", "", false}};
  for (const KnownDataset& set : KnownDatasets()) {
    if (set.FetchName() != "emnist") continue;
    for (const std::string& file : set.files) members.push_back({"gzip/" + file + ".gz", file});
    members.push_back({"gzip/" + set.mapping, set.mapping});
  }
  return members;
}

TEST(UnpackEmnist, AllSixSetsComeOutAndTheArchiveGoes) {
  TemporaryFolder folder;
  const std::string path = folder.Write("emnist/gzip.zip", MakeZip(EmnistMembers()));
  FetchReport report;
  const Status status = UnpackEmnist(path, folder.path() + "/emnist", report);
  ASSERT_TRUE(status.ok()) << status.error().ToString();
  EXPECT_EQ(report.fetched.size(), 30u);
  EXPECT_EQ(folder.Read("emnist/emnist-letters-test-labels-idx1-ubyte.gz"),
            "emnist-letters-test-labels-idx1-ubyte");
  EXPECT_EQ(folder.Read("emnist/emnist-byclass-mapping.txt"), "emnist-byclass-mapping.txt");
  EXPECT_FALSE(std::filesystem::exists(path));
  // What is there is not fetched again.
  FetchOptions options;
  options.mirror = "http://127.0.0.1:1/";
  const auto again = FetchDataset("emnist/letters", folder.path(), options);
  ASSERT_TRUE(again.ok()) << again.error().ToString();
  EXPECT_EQ(again->present.size(), 30u);
}

TEST(UnpackEmnist, AnArchiveWithoutAFileIsNamed) {
  TemporaryFolder folder;
  auto members = EmnistMembers();
  members.erase(members.begin() + 5);
  const std::string path = folder.Write("gzip.zip", MakeZip(members));
  FetchReport report;
  const Status status = UnpackEmnist(path, folder.path(), report);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().ToString(), HasSubstr("emnist-balanced-mapping.txt"));
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace tutti
