#pragma once

#include <array>
#include <utility>

// The legal transitions of a state machine as one constexpr table beside its enum.

namespace tutti {

template <class State, std::size_t N>
struct StateTable {
  std::array<std::pair<State, State>, N> transitions;

  constexpr bool Allows(State from, State to) const {
    for (const auto& [f, t] : transitions) {
      if (f == from && t == to) return true;
    }
    return false;
  }
  // A state with no way out.
  constexpr bool IsTerminal(State state) const {
    for (const auto& [f, t] : transitions) {
      if (f == state) return false;
    }
    return true;
  }
};

}  // namespace tutti
