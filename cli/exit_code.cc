#include "cli/exit_code.h"

#include <cstdio>

namespace tutti::cli {

int Fail(const Error& error) {
  std::fprintf(stderr, "tutti: error: %s\n", error.ToString().c_str());
  return ExitCodeOf(error.code());
}

}  // namespace tutti::cli
