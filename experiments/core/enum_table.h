#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "experiments/core/check.h"

// One constexpr table beside each enum is the only place where its text lives:
//
//   enum class Split { kTrain, kValidation, kTest };
//   inline constexpr EnumTable<Split, 3> kSplitNames{{{{Split::kTrain, "train"}, …}}};

namespace tutti {

template <class E, std::size_t N>
struct EnumTable {
  std::array<std::pair<E, std::string_view>, N> rows;

  // REQUIRES: value is in the table.
  constexpr std::string_view Name(E value) const {
    for (const auto& [e, name] : rows) {
      if (e == value) return name;
    }
    CheckFailed(__FILE__, __LINE__, "EnumTable::Name", "value missing from its table");
  }
  constexpr std::optional<E> Parse(std::string_view text) const {
    for (const auto& [e, name] : rows) {
      if (name == text) return e;
    }
    return std::nullopt;
  }
  // "a, b or c", for error messages.
  std::string Choices() const {
    std::string text;
    for (std::size_t i = 0; i < N; ++i) {
      if (i > 0) text += i + 1 == N ? " or " : ", ";
      text += rows[i].second;
    }
    return text;
  }
};

}  // namespace tutti
