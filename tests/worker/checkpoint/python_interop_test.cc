// Goal: PyTorch users open our files with the `safetensors` package, and we read theirs. Method:
// Python compares every tensor with what it should be and writes a file of its own. Needs
// TUTTI_TEST_PYTHON, a Python with numpy and safetensors; the build's ctest sets it.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "worker/checkpoint/safetensors.h"

namespace tutti::checkpoint {
namespace {

constexpr const char* kScript = R"(
import sys, numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
t = load_file(sys.argv[1])
assert sorted(t) == ['a.weight', 'd', 'empty', 'step', 'u'], sorted(t)
assert t['a.weight'].dtype == np.float32 and t['a.weight'].shape == (2, 3)
assert (t['a.weight'] == np.arange(6, dtype=np.float32).reshape(2, 3) / 4).all()
assert t['d'].dtype == np.float64 and (t['d'] == [1.5, -2.25]).all()
assert t['step'].dtype == np.int64 and t['step'].shape == () and t['step'] == 123456789012
assert t['u'].dtype == np.uint8 and (t['u'] == [7, 8, 9]).all()
assert t['empty'].shape == (0, 4)
with safe_open(sys.argv[1], 'np') as f:
    assert f.metadata() == {'made by': 'tutti'}, f.metadata()
save_file({'x': np.arange(4, dtype=np.float32), 'n': np.array([5], np.int64)}, sys.argv[2],
          metadata={'from': 'python'})
)";

template <class T>
std::string_view Bytes(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

// Runs Python without a shell; its exit status.
int RunPython(const char* python, const std::vector<std::string>& arguments) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<char*> argv{const_cast<char*>(python)};
    for (const std::string& argument : arguments) {
      argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    ::execv(python, argv.data());
    ::_exit(127);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(PythonInterop, SafetensorsPackageReadsOursAndWeReadItsFile) {
  const char* python = std::getenv("TUTTI_TEST_PYTHON");
  if (python == nullptr || *python == '\0') {
    GTEST_SKIP() << "SKIPPED: TUTTI_TEST_PYTHON names no Python with numpy and safetensors";
  }
  std::string folder = (std::filesystem::temp_directory_path() / "tutti-interop-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::vector<float> weights{0, 0.25f, 0.5f, 0.75f, 1, 1.25f};
  const std::vector<double> doubles{1.5, -2.25};
  const std::vector<std::int64_t> step{123456789012};
  const std::vector<std::uint8_t> bytes{7, 8, 9};
  const auto image = EncodeSafetensors({{"u", Dtype::kU8, {3}, Bytes(bytes)},
                                        {"a.weight", Dtype::kF32, {2, 3}, Bytes(weights)},
                                        {"empty", Dtype::kF32, {0, 4}, ""},
                                        {"step", Dtype::kI64, {}, Bytes(step)},
                                        {"d", Dtype::kF64, {2}, Bytes(doubles)}},
                                       {{"made by", "tutti"}});
  ASSERT_TRUE(image.ok()) << image.error().ToString();
  {
    std::ofstream out(folder + "/ours.safetensors", std::ios::binary);
    out << image->header;
    for (const std::string_view piece : image->pieces) out << piece;
  }
  EXPECT_EQ(RunPython(python, {"-c", kScript, folder + "/ours.safetensors",
                               folder + "/theirs.safetensors"}), 0);
  std::ifstream in(folder + "/theirs.safetensors", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const std::string theirs = text.str();
  const auto parsed = ParseSafetensors(theirs);
  ASSERT_TRUE(parsed.ok()) << parsed.error().ToString();
  EXPECT_EQ(parsed->metadata.at("from"), "python");
  ASSERT_NE(parsed->Find("x"), nullptr);
  const std::vector<float> x{0, 1, 2, 3};
  EXPECT_EQ(parsed->Find("x")->bytes, Bytes(x));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tutti::checkpoint
