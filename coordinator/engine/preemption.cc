#include "coordinator/engine/preemption.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "coordinator/engine/queue.h"

namespace tutti::engine {
namespace {

// Nodes are looked at from the least important and youngest gang on; after so many, the best set
// found so far is taken.
constexpr std::size_t kMostNodes = 32;

// What may be taken as a whole: a gang, or all gangs that share a slot.
struct Unit {
  std::vector<AllocationId> gangs;
  std::int64_t here = 0;  // slots on the node that is looked at
  std::int64_t cost = 0;  // slots in all
  std::int64_t priority = 0;
  AttemptId front;  // the youngest
  ExperimentId owner;
};

// Least important first, then youngest.
bool Before(const Unit& a, const Unit& b) {
  return std::tie(b.priority, b.front) < std::tie(a.priority, a.front);
}

// What is taken from nodes, and the slots that are claimed for it.
struct Plan {
  std::vector<Unit> units;
  Shares shares;

  std::int64_t cost() const {
    std::int64_t sum = 0;
    for (const Unit& unit : units) sum += unit.cost;
    return sum;
  }
  std::int64_t CostOf(ExperimentId owner) const {
    std::int64_t sum = 0;
    for (const Unit& unit : units) sum += unit.owner == owner ? unit.cost : 0;
    return sum;
  }
  // Fewest slots, fewest gangs, then: its most important victim is the least important, and its
  // oldest the youngest.
  auto Rank() const {
    std::int64_t important = 0;
    AttemptId oldest;
    for (const Unit& unit : units) {
      important = important == 0 ? unit.priority : std::min(important, unit.priority);
      oldest = oldest ? std::min(oldest, unit.front) : unit.front;
    }
    return std::tuple(cost(), units.size(), -important, -oldest.value, shares.front().first);
  }
};

class Search {
 public:
  // `rich`: of the experiment's own priority; none: only less important work may be taken.
  Search(const Pass& pass, const Experiment& experiment, const Experiment* rich)
      : pass_(pass), experiment_(experiment), rich_(rich) {}

  std::optional<Plan> Find(const std::vector<NodeId>& candidates) const {
    std::optional<Plan> best;
    for (const NodeId id : candidates) {
      std::optional<Plan> plan = OnNode(id);
      if (plan && (!best || plan->Rank() < best->Rank())) best = std::move(plan);
    }
    if (!best && MaySpan(experiment_)) best = OverNodes(candidates);
    return best;
  }

 private:
  bool MayTake(const Experiment& owner) const {
    return owner.config.resources.priority > experiment_.config.resources.priority ||
           (rich_ != nullptr && owner.id == rich_->id);
  }
  bool IsFair(const Plan& plan) const {
    if (rich_ == nullptr) return true;
    return MayTakeFrom(experiment_, experiment_.world_size, *rich_, plan.CostOf(rich_->id));
  }
  // Slots of the node that nobody has to give up; negative: it is kept for somebody else.
  std::int64_t Room(NodeId id) const {
    const auto entries = pass_.cluster.entries.find(id);
    return entries == pass_.cluster.entries.end() ? -1 : entries->second.leaving;
  }

  std::vector<Unit> UnitsOn(NodeId id) const {
    const Cluster& cluster = pass_.cluster;
    std::vector<Unit> units;
    std::map<std::int64_t, std::size_t> shared;  // slot -> its unit
    for (const AllocationId gang_id : cluster.nodes.at(id).allocations) {
      const auto entries = cluster.gang_entries.find(gang_id);
      if (entries == cluster.gang_entries.end() || !entries->second.running) continue;
      const Experiment& owner = cluster.experiments.at(entries->second.front);
      if (!MayTake(owner)) continue;
      const Allocation& gang = cluster.allocations.at(gang_id);
      const std::vector<std::int64_t>& slots = SlotsOn(gang, id);
      if (gang.packed) {
        const auto [it, fresh] = shared.try_emplace(slots.front(), units.size());
        if (!fresh) {
          Unit& unit = units[it->second];
          unit.gangs.push_back(gang_id);
          unit.front = std::max(unit.front, entries->second.attempt);
          continue;
        }
      }
      units.push_back({{gang_id}, static_cast<std::int64_t>(slots.size()), gang.world_size(),
                       entries->second.priority, entries->second.attempt, owner.id});
    }
    std::sort(units.begin(), units.end(), Before);
    return units;
  }

  // The set that has at least `need` slots on the node and costs least, then is smallest, then
  // comes first. REQUIRES: all together have that many.
  static std::vector<Unit> Cheapest(const std::vector<Unit>& units, std::int64_t need) {
    using Cost = std::pair<std::int64_t, std::int64_t>;  // slots, gangs
    constexpr std::int64_t kNever = 1'000'000'000;
    const auto width = static_cast<std::size_t>(need) + 1;
    // best[i][s]: of units i and later, for s slots.
    std::vector<std::vector<Cost>> best(units.size() + 1, std::vector<Cost>(width, {kNever, 0}));
    best[units.size()][0] = {0, 0};
    const auto rest = [](std::size_t s, const Unit& unit) {
      const auto here = static_cast<std::size_t>(unit.here);
      return s > here ? s - here : 0;
    };
    for (std::size_t i = units.size(); i-- > 0;) {
      for (std::size_t s = 0; s < width; ++s) {
        const Cost& after = best[i + 1][rest(s, units[i])];
        best[i][s] = std::min(best[i + 1][s], Cost{after.first + units[i].cost, after.second + 1});
      }
    }
    std::vector<Unit> chosen;
    std::size_t s = width - 1;
    for (std::size_t i = 0; i < units.size() && s > 0; ++i) {
      const Cost& after = best[i + 1][rest(s, units[i])];
      if (best[i][s] != Cost{after.first + units[i].cost, after.second + 1}) continue;
      chosen.push_back(units[i]);
      s = rest(s, units[i]);
    }
    return chosen;
  }

  static std::int64_t SlotsOf(const std::vector<Unit>& units) {
    std::int64_t sum = 0;
    for (const Unit& unit : units) sum += unit.here;
    return sum;
  }

  std::optional<Plan> OnNode(NodeId id) const {
    const std::int64_t need = experiment_.world_size - Room(id);
    if (Room(id) < 0 || need <= 0) return std::nullopt;
    const std::vector<Unit> units = UnitsOn(id);
    if (SlotsOf(units) < need) return std::nullopt;
    Plan plan{Cheapest(units, need), {{id, experiment_.world_size}}};
    if (!IsFair(plan)) return std::nullopt;
    return plan;
  }

  std::optional<Plan> OverNodes(std::vector<NodeId> candidates) const {
    // Nodes with free slots but nothing to take help too.
    std::size_t looked = 0;
    for (auto it = pass_.pool.by_leaving.rbegin();
         it != pass_.pool.by_leaving.rend() && it->first > 0 && looked < kMostNodes;
         ++it, ++looked) {
      if (std::find(candidates.begin(), candidates.end(), it->second) == candidates.end()) {
        candidates.push_back(it->second);
      }
    }
    std::vector<std::tuple<std::int64_t, NodeId>> nodes;  // (-slots that could be had, node)
    for (const NodeId id : candidates) {
      const Node& node = pass_.cluster.nodes.at(id);
      if (!node.spans_nodes || Room(id) < 0 || !FitsLabels(experiment_, node)) continue;
      nodes.emplace_back(-Room(id) - SlotsOf(UnitsOn(id)), id);
    }
    std::sort(nodes.begin(), nodes.end());
    std::int64_t rest = experiment_.world_size;
    std::int64_t room = 0;  // of the nodes taken
    Plan plan;
    for (const auto& [slots, id] : nodes) {
      if (rest <= 0 || slots == 0) break;
      plan.shares.emplace_back(id, std::min(-slots, rest));
      room += std::min(Room(id), plan.shares.back().second);
      rest -= plan.shares.back().second;
    }
    if (rest > 0) return std::nullopt;
    std::vector<AllocationId> taken;
    for (const auto& [id, slots] : plan.shares) {
      const std::int64_t need = slots - Room(id);
      if (need <= 0) continue;
      for (const Unit& unit : Cheapest(UnitsOn(id), need)) {
        // A gang may lie on several of these nodes.
        if (std::find(taken.begin(), taken.end(), unit.gangs.front()) != taken.end()) continue;
        taken.push_back(unit.gangs.front());
        plan.units.push_back(unit);
      }
    }
    if (!IsFair(plan)) return std::nullopt;
    return plan;
  }

  const Pass& pass_;
  const Experiment& experiment_;
  const Experiment* rich_;
};

void AddNodes(const Pass& pass, const Experiment& experiment, AllocationId gang,
              std::vector<NodeId>& nodes, std::set<NodeId>& known) {
  for (const GangPart* part : pass.cluster.allocations.at(gang).Parts()) {
    const Node& node = pass.cluster.nodes.at(part->node);
    if (FitsLabels(experiment, node) && known.insert(node.id).second) nodes.push_back(node.id);
  }
}

std::vector<NodeId> NodesOfLessImportant(const Pass& pass, const Experiment& experiment) {
  std::vector<NodeId> nodes;
  std::set<NodeId> known;
  const auto& running = pass.pool.running;
  std::size_t looked = 0;
  for (auto it = running.rbegin(); it != running.rend(); ++it) {
    const auto& [priority, attempt, gang] = *it;
    if (priority <= experiment.config.resources.priority || ++looked > 4 * kMostNodes) break;
    AddNodes(pass, experiment, gang, nodes, known);
    if (nodes.size() >= kMostNodes) break;
    // One slot costs one slot, and none is less important or younger.
    const Allocation& allocation = pass.cluster.allocations.at(gang);
    if (experiment.world_size == 1 && allocation.world_size() == 1 && !allocation.packed &&
        nodes.size() == 1) {
      break;
    }
  }
  return nodes;
}

// Those of the same priority that would still have more after giving up a slot, richest first.
std::vector<const Experiment*> Richer(const Pass& pass, const Experiment& experiment) {
  std::vector<std::pair<double, const Experiment*>> list;
  for (const auto& [id, gangs] : pass.pool.running_of) {
    const Experiment& owner = pass.cluster.experiments.at(id);
    const ResourcesConfig& resources = owner.config.resources;
    if (id == experiment.id || resources.priority != experiment.config.resources.priority) continue;
    if (!MayTakeFrom(experiment, experiment.world_size, owner, 1)) continue;
    list.emplace_back(-static_cast<double>(KeptSlots(owner)) / resources.weight, &owner);
  }
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second->id) < std::pair(b.first, b.second->id);
  });
  std::vector<const Experiment*> richer;
  for (const auto& [share, owner] : list) richer.push_back(owner);
  return richer;
}

void Take(Pass& pass, Experiment& experiment, const Plan& plan, const std::string& why) {
  for (const Unit& unit : plan.units) {
    for (const AllocationId gang : unit.gangs) Preempt(pass.cluster, gang, why, pass.at_ms);
  }
  Claim(pass, experiment, plan.shares);
  ++pass.takings;
}

}  // namespace

bool MakeRoom(Pass& pass, Experiment& experiment) {
  const std::int64_t priority = experiment.config.resources.priority;
  const std::string by = "preempted by experiment " + ToString(experiment.id);
  const auto& running = pass.pool.running;
  if (running.empty()) return false;
  if (std::get<0>(*running.rbegin()) > priority) {
    const auto plan = Search(pass, experiment, nullptr).Find(NodesOfLessImportant(pass, experiment));
    if (plan) {
      Take(pass, experiment, *plan, by + " (priority " + std::to_string(priority) + ")");
      return true;
    }
  }
  constexpr std::size_t kMostOwners = 4;
  std::size_t asked = 0;
  for (const Experiment* rich : Richer(pass, experiment)) {
    if (++asked > kMostOwners) break;
    std::vector<NodeId> nodes;
    std::set<NodeId> known;
    const auto& gangs = pass.pool.running_of.at(rich->id);
    for (auto it = gangs.rbegin(); it != gangs.rend() && nodes.size() < kMostNodes; ++it) {
      AddNodes(pass, experiment, it->second, nodes, known);
      if (experiment.world_size == 1 && nodes.size() == 1) break;
    }
    const auto plan = Search(pass, experiment, rich).Find(nodes);
    if (!plan) continue;
    Take(pass, experiment, *plan, by + ", which has less than its share");
    return true;
  }
  return false;
}

}  // namespace tutti::engine
