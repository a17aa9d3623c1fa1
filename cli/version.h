#pragma once

namespace tutti::cli {

inline constexpr char kVersion[] = TUTTI_VERSION;

}  // namespace tutti::cli
