#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace tutti::simulation {

// Time as an ordered queue of things to do. What is due at the same millisecond happens in the
// order in which it was planned, so that a run depends on nothing but its scenario and seed.
class VirtualClock {
 public:
  std::int64_t now_ms() const { return now_ms_; }
  bool empty() const { return queue_.empty(); }
  std::int64_t next_ms() const { return queue_.top().at_ms; }  // REQUIRES: !empty()

  // Not before now.
  void At(std::int64_t at_ms, std::function<void()> what) {
    queue_.push({at_ms < now_ms_ ? now_ms_ : at_ms, next_order_++, std::move(what)});
  }
  void After(std::int64_t delay_ms, std::function<void()> what) {
    At(now_ms_ + delay_ms, std::move(what));
  }
  // Does the next thing. REQUIRES: !empty().
  void Step() {
    // Moved out before it is called, since it plans more.
    Item item = std::move(const_cast<Item&>(queue_.top()));
    queue_.pop();
    now_ms_ = item.at_ms;
    item.what();
  }

 private:
  struct Item {
    std::int64_t at_ms = 0;
    std::uint64_t order = 0;
    std::function<void()> what;
  };
  struct Later {
    bool operator()(const Item& a, const Item& b) const {
      return a.at_ms != b.at_ms ? a.at_ms > b.at_ms : a.order > b.order;
    }
  };
  std::priority_queue<Item, std::vector<Item>, Later> queue_;
  std::int64_t now_ms_ = 0;
  std::uint64_t next_order_ = 0;
};

}  // namespace tutti::simulation
