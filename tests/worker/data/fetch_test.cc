// Goal: whatever a server does, a file stands under its final name only if it is the right one,
// and what came is not fetched again. Method: real transfers with libcurl from a server in this
// process that truncates, lies, stalls, ignores ranges, refuses and redirects.
#include "worker/data/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/worker/data/data_files.h"
#include "tests/worker/data/http_server.h"
#include "worker/data/part_file.h"

namespace tutti {
namespace {

namespace fs = std::filesystem;
using test::HttpServer;
using test::Reply;
using test::Request;
using test::Response;
using test::Serve;
using test::TemporaryFolder;
using ::testing::HasSubstr;

// 300,000 bytes: more than one buffer of libcurl.
const std::string& Body() {
  static const std::string body = test::CountingPixels(300, 100, 10);
  return body;
}

class Fetch : public ::testing::Test {
 protected:
  Fetch() {
    options_.backoff_ms = 1;
    options_.stall_timeout_ms = 300;
    options_.connect_timeout_ms = 2000;
    folder_.Write("original", Body());
    const auto md5 = FileMd5(folder_.path() + "/original");
    EXPECT_TRUE(md5.ok());
    md5_ = *md5;
  }
  RemoteFile File(const std::vector<std::string>& bases) const {
    RemoteFile file{"data.gz", {}, md5_, static_cast<std::int64_t>(Body().size())};
    for (const std::string& base : bases) file.urls.push_back(base + "data.gz");
    return file;
  }
  Result<bool> Get(const HttpServer& server) {
    return FetchFile(File({server.url()}), folder_.path(), options_);
  }
  void ExpectComplete(const Result<bool>& result) {
    ASSERT_TRUE(result.ok()) << result.error().ToString();
    EXPECT_EQ(folder_.Read("data.gz"), Body());
    EXPECT_FALSE(fs::exists(folder_.path() + "/data.gz.part"));
  }
  void ExpectNothing(const Result<bool>& result, ErrorCode code, const std::string& message) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code(), code) << result.error().ToString();
    EXPECT_THAT(result.error().ToString(), HasSubstr(message));
    EXPECT_FALSE(fs::exists(folder_.path() + "/data.gz")) << "a wrong file got the final name";
  }

  TemporaryFolder folder_;
  FetchOptions options_;
  std::string md5_;
};

TEST_F(Fetch, Md5IsTheStandardOne) {  // RFC 1321, A.5
  folder_.Write("abc", "abc");
  folder_.Write("empty", "");
  EXPECT_EQ(*FileMd5(folder_.path() + "/abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(*FileMd5(folder_.path() + "/empty"), "d41d8cd98f00b204e9800998ecf8427e");
}

TEST_F(Fetch, GoodServerGivesTheFileOnce) {
  HttpServer server([](const Request& r) { return Serve(r, Body()); });
  std::int64_t total = 0;
  options_.progress = [&](const FetchProgress& p) {
    total = p.total;
    return true;
  };
  const auto first = Get(server);
  ExpectComplete(first);
  EXPECT_TRUE(*first);
  EXPECT_EQ(total, 300000);
  const auto second = Get(server);
  ASSERT_TRUE(second.ok());
  EXPECT_FALSE(*second);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(Fetch, TruncatedTransferGoesOnWhereItStopped) {
  int n = 0;
  HttpServer server([&](const Request& r) {
    if (++n > 2) return Serve(r, Body());
    Response whole = Serve(r, Body());
    whole.bytes.resize(whole.bytes.size() - 100000);
    return whole;
  });
  ExpectComplete(Get(server));
  ASSERT_EQ(server.requests().size(), 3u);
  EXPECT_EQ(server.requests()[0].range, "");
  EXPECT_EQ(server.requests()[1].range, "bytes=200000-");
}

TEST_F(Fetch, ALaterCallGoesOnWithThePart) {
  folder_.Write("data.gz.part", Body().substr(0, 123456));
  HttpServer server([](const Request& r) { return Serve(r, Body()); });
  ExpectComplete(Get(server));
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(server.requests()[0].range, "bytes=123456-");
}

TEST_F(Fetch, ACompletePartNeedsNoServer) {
  folder_.Write("data.gz.part", Body());
  HttpServer server([](const Request&) { return Reply("500 No", ""); });
  ExpectComplete(Get(server));
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(Fetch, AWrongPartIsThrownAwayAndFetchedOnceMore) {
  for (const std::string& part : {std::string(1000, 'x'), std::string(300000, 'x'),
                                  std::string(400000, 'x')}) {
    fs::remove(folder_.path() + "/data.gz");
    folder_.Write("data.gz.part", part);
    HttpServer server([](const Request& r) { return Serve(r, Body()); });
    ExpectComplete(Get(server));
  }
}

TEST_F(Fetch, ServerThatIgnoresRangesIsReadFromTheStart) {
  folder_.Write("data.gz.part", Body().substr(0, 5000));
  HttpServer server([](const Request&) { return Reply("200 OK", Body()); });
  ExpectComplete(Get(server));
}

TEST_F(Fetch, ServerThatHasLessThanThePartIsReadFromTheStart) {
  folder_.Write("data.gz.part", Body().substr(0, 5000));
  HttpServer server([](const Request& r) {
    return r.range.empty() ? Serve(r, Body()) : Reply("416 Range Not Satisfiable", "");
  });
  ExpectComplete(Get(server));
}

TEST_F(Fetch, WrongBytesNeverGetTheFinalName) {
  std::string wrong = Body();
  wrong[150000] = 'x';
  HttpServer server([&](const Request& r) { return Serve(r, wrong); });
  ExpectNothing(Get(server), ErrorCode::kDataLoss, "expected " + md5_);
  EXPECT_EQ(server.requests().size(), 2u);  // once more from the start, then no further
  EXPECT_FALSE(fs::exists(folder_.path() + "/data.gz.part"));
}

struct Lie {
  std::string what;
  Response response;
  ErrorCode code;
  std::string message;
};

TEST_F(Fetch, ServersThatLieAboutTheLengthAreFound) {
  const Lie lies[] = {
      {"announces more", Reply("200 OK", Body().substr(0, 1000), 300000), ErrorCode::kUnavailable,
       "299000 bytes remaining"},
      {"announces less", Reply("200 OK", Body(), 1000), ErrorCode::kDataLoss,
       "1000 bytes came, expected 300000"},
      {"sends more", Reply("200 OK", Body() + Body()), ErrorCode::kDataLoss,
       "the server sends more than 300000 bytes"},
      {"sends nothing", Reply("200 OK", ""), ErrorCode::kDataLoss, "0 bytes came"},
      {"an HTML page", Reply("200 OK", "<html>sign in</html>"), ErrorCode::kDataLoss,
       "20 bytes came"},
      {"no HTTP", Response{"hello\r\n", false}, ErrorCode::kUnavailable, "HTTP/0.9"},
      {"hangs up", Response{"", false}, ErrorCode::kUnavailable, "Empty reply"},
  };
  for (const Lie& lie : lies) {
    SCOPED_TRACE(lie.what);
    fs::remove(folder_.path() + "/data.gz.part");
    HttpServer server([&](const Request&) { return lie.response; });
    options_.attempts = 1;
    ExpectNothing(Get(server), lie.code, lie.message);
  }
}

TEST_F(Fetch, AStalledTransferIsGivenUpAndGoneOn) {
  int n = 0;
  HttpServer server([&](const Request& r) {
    Response whole = Serve(r, Body());
    if (++n > 1) return whole;
    whole.bytes.resize(whole.bytes.size() - 1000);
    whole.stall = true;
    return whole;
  });
  ExpectComplete(Get(server));
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[1].range, "bytes=299000-");
}

TEST_F(Fetch, NotFoundIsNotRetriedAndServerErrorsAre) {
  for (const auto& [status, tries] : {std::pair{"404 Not Found", 1u}, {"403 Forbidden", 1u},
                                      {"500 Broken", 4u}, {"503 Busy", 4u}, {"429 Slow", 4u}}) {
    HttpServer server([&](const Request&) { return Reply(status, "an error page"); });
    ExpectNothing(Get(server), ErrorCode::kUnavailable, std::string(status).substr(0, 3));
    EXPECT_EQ(server.requests().size(), tries) << status;
    EXPECT_FALSE(fs::exists(folder_.path() + "/data.gz.part")) << status;
  }
}

TEST_F(Fetch, AServerErrorThatPassesIsNoFailure) {
  int n = 0;
  HttpServer server([&](const Request& r) {
    return ++n < 4 ? Reply("503 Busy", "later") : Serve(r, Body());
  });
  ExpectComplete(Get(server));
}

TEST_F(Fetch, TheNextAddressIsTriedAfterTheFirst) {
  HttpServer bad([](const Request&) { return Reply("404 Not Found", ""); });
  HttpServer good([](const Request& r) { return Serve(r, Body()); });
  ExpectComplete(FetchFile(File({bad.url(), good.url()}), folder_.path(), options_));
}

TEST_F(Fetch, RedirectsAreFollowedButNotToFilesAndNotForEver) {
  std::string target = "/other/data.gz";
  HttpServer server([&](const Request& r) -> Response {
    if (r.path == "/other/data.gz") return Serve(r, Body());
    return {"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " + target +
            "\r\n\r\n"};
  });
  ExpectComplete(Get(server));
  fs::remove(folder_.path() + "/data.gz");
  options_.attempts = 1;
  target = "file:///etc/passwd";
  ExpectNothing(Get(server), ErrorCode::kUnavailable, "Protocol \"file\"");
  target = "/again";
  ExpectNothing(Get(server), ErrorCode::kUnavailable, "Maximum (5) redirects");
}

TEST_F(Fetch, StoppingKeepsWhatHasCome) {
  HttpServer server([](const Request& r) {
    Response whole = Serve(r, Body());
    whole.bytes.resize(whole.bytes.size() - 1000);
    whole.stall = true;
    return whole;
  });
  options_.stall_timeout_ms = 30000;
  options_.progress = [](const FetchProgress& p) { return p.bytes < 1000; };
  ExpectNothing(Get(server), ErrorCode::kCancelled, "is kept in");
  EXPECT_GT(fs::file_size(folder_.path() + "/data.gz.part"), 999u);
}

TEST_F(Fetch, NoServerIsUnavailable) {
  options_.attempts = 1;
  const auto result =
      FetchFile(File({"http://127.0.0.1:1/"}), folder_.path(), options_);
  ExpectNothing(result, ErrorCode::kUnavailable, "127.0.0.1");
}

TEST_F(Fetch, AWrongFileUnderTheFinalNameIsReplaced) {
  folder_.Write("data.gz", "half a file");
  HttpServer server([](const Request& r) { return Serve(r, Body()); });
  ExpectComplete(Get(server));
}

TEST_F(Fetch, TwoFetchesOfOneFileDoNotMix) {
  auto other = PartFile::Open(folder_.path() + "/data.gz");
  ASSERT_TRUE(other.ok());
  HttpServer server([](const Request& r) { return Serve(r, Body()); });
  ExpectNothing(Get(server), ErrorCode::kFailedPrecondition, "another process");
}

TEST_F(Fetch, DatasetsComeFromTheMirrorAndBadOnesAreRefused) {
  HttpServer server([](const Request& r) { return Serve(r, Body()); });
  options_.mirror = server.url() + "deep/";
  options_.attempts = 1;
  const auto mnist = FetchDataset("mnist", folder_.path(), options_);
  ASSERT_FALSE(mnist.ok());
  EXPECT_THAT(mnist.error().ToString(), HasSubstr("expected 9912422"));
  EXPECT_EQ(server.requests()[0].path, "/deep/train-images-idx3-ubyte.gz");
  EXPECT_TRUE(fs::is_empty(folder_.path() + "/mnist"));

  const auto unknown = FetchDataset("cifar", folder_.path(), options_);
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().ToString(), HasSubstr("mnist, fashion-mnist, kmnist, emnist"));
  options_.mirror = "ftp://example.org/";
  const auto ftp = FetchDataset("mnist", folder_.path(), options_);
  ASSERT_FALSE(ftp.ok());
  EXPECT_EQ(ftp.error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(Fetch, VerifySaysWhatIsWrongAndWhatIsMissing) {
  folder_.Write("mnist/train-images-idx3-ubyte.gz", "not it");
  folder_.Write("mnist/train-labels-idx1-ubyte", test::IdxLabels({1}));
  const auto lines = VerifyDataset("mnist", folder_.path());
  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines->size(), 4u);
  EXPECT_EQ((*lines)[0].state, VerifyLine::State::kWrong);
  EXPECT_THAT((*lines)[0].detail, HasSubstr("expected f68b3c2dcbeaaa9fbdd348bbdeb94873"));
  EXPECT_EQ((*lines)[1].state, VerifyLine::State::kUnknown);
  EXPECT_EQ((*lines)[2].state, VerifyLine::State::kMissing);
  EXPECT_FALSE(VerifyDataset("cifar", folder_.path()).ok());
}

}  // namespace
}  // namespace tutti
