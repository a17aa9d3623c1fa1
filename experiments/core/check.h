#pragma once

#include <string_view>

// TUTTI_CHECK(condition, message): stays on in release builds. A failed check is a bug of ours:
// it prints file, line, condition and message to stderr and aborts. User input, files and peers
// get a Result instead (result.h).

namespace tutti {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              std::string_view message);

}  // namespace tutti

#define TUTTI_CHECK(condition, message)                                     \
  do {                                                                      \
    if (!(condition)) [[unlikely]] {                                        \
      ::tutti::CheckFailed(__FILE__, __LINE__, #condition, (message));      \
    }                                                                       \
  } while (false)
