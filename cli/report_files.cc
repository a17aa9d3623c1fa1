#include "cli/report_files.h"

#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "cli/state_directory.h"
#include "dashboards/report/markdown.h"

extern char** environ;

namespace tutti::cli {
namespace {

// Pixels; charts are drawn 440 or so units wide.
constexpr const char* kPngWidth = "1100";

Status CheckPlace(const std::string& path) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return Ok{};
    return ErrnoError(errno, path);
  }
  if (S_ISREG(info.st_mode) || (S_ISLNK(info.st_mode) && stat(path.c_str(), &info) == 0 &&
                                S_ISREG(info.st_mode))) {
    return Ok{};
  }
  const bool folder = S_ISDIR(info.st_mode);
  return FailedPrecondition(path + (folder ? " is a folder" : " is no regular file") +
                            "; name a file with --out");
}

// An own argument list and no shell: names are only names.
Result<int> Run(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ);
  if (failed == ENOENT) {
    return FailedPrecondition(words[0] + " is not installed; it makes PNG files of charts: "
                              "apt-get install librsvg2-bin fonts-dejavu-core");
  }
  if (failed != 0) return ErrnoError(failed, words[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return ErrnoError(errno, "waiting for " + words[0]);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Status WritePng(const report::ChartFile& chart, const std::string& folder) {
  const std::string target = folder + "/" + chart.name;
  const std::string drawing = target + ".svg.tmp";
  const std::string half_done = target + ".tmp";
  TUTTI_RETURN_IF_ERROR(CheckPlace(target));
  TUTTI_RETURN_IF_ERROR(WriteReportFile(drawing, chart.svg));
  auto exit_code = Run({"rsvg-convert", "--format", "png", "--width", kPngWidth,
                        "--keep-aspect-ratio", "--output", half_done, drawing});
  unlink(drawing.c_str());
  if (!exit_code) return exit_code.error();
  if (*exit_code != 0) {
    unlink(half_done.c_str());
    return Internal("rsvg-convert could not draw " + target + " (exit code " +
                    std::to_string(*exit_code) + ")");
  }
  if (rename(half_done.c_str(), target.c_str()) != 0) return ErrnoError(errno, target);
  return Ok{};
}

}  // namespace

Status WriteReportFile(const std::string& path, const std::string& content) {
  TUTTI_RETURN_IF_ERROR(CheckPlace(path));
  TUTTI_RETURN_IF_ERROR(WriteFileAtomically(path, content));
  // State files are private; a report is for others too, as far as the user's umask goes.
  const mode_t mask = umask(0);
  umask(mask);
  if (chmod(path.c_str(), 0666 & ~mask) != 0) return ErrnoError(errno, path);
  return Ok{};
}

Status WritePngFiles(const report::Document& document, const std::string& folder) {
  if (mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) return ErrnoError(errno, folder);
  struct stat info {};
  if (stat(folder.c_str(), &info) != 0) return ErrnoError(errno, folder);
  if (!S_ISDIR(info.st_mode)) {
    return FailedPrecondition(folder + " is a file; a folder is needed for the PNG files");
  }
  for (const report::ChartFile& chart : report::ChartFiles(document)) {
    TUTTI_RETURN_IF_ERROR(WritePng(chart, folder));
  }
  return Ok{};
}

}  // namespace tutti::cli
