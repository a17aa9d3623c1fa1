#include "storage/stored_predictions.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "experiments/core/checkpoint_reference.h"

namespace tutti::storage {
namespace {

// Rows of one query: below the default limit, and a few MB of text for 62 classes.
constexpr std::int64_t kPage = 10'000;

// x'0a1b…' -> float32 values appended; false if it is no such text of `count` values.
bool AppendFloats(std::string_view text, std::size_t count, std::vector<float>& out) {
  if (text.size() != count * 8 + 3 || text.substr(0, 2) != "x'") return false;
  const auto digit = [](char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  for (std::size_t i = 0; i < count; ++i) {
    unsigned char bytes[4];
    for (std::size_t b = 0; b < 4; ++b) {
      const std::size_t at = 2 + (i * 4 + b) * 2;
      bytes[b] = static_cast<unsigned char>(digit(text[at]) * 16 + digit(text[at + 1]));
    }
    float value = 0;
    std::memcpy(&value, bytes, 4);
    out.push_back(value);
  }
  return true;
}

std::vector<std::string> ClassNames(const Json& cell, std::int64_t classes) {
  std::vector<std::string> names;
  const auto list = cell.is_string() ? Json::Parse(cell.AsString()) : Result<Json>(Json());
  const bool fits = list && list->is_array() && list->size() == static_cast<std::size_t>(classes);
  for (std::int64_t c = 0; c < classes; ++c) {
    const Json* name = fits ? &(*list)[static_cast<std::size_t>(c)] : nullptr;
    names.push_back(name != nullptr && name->is_string() ? name->AsString() : std::to_string(c));
  }
  return names;
}

int SplitOrder(const std::string& split) {
  return split == "train" ? 0 : split == "validation" ? 1 : split == "test" ? 2 : 3;
}

Error NoCheckpoint(const RunQuery& query, const std::string& text, std::int64_t trial_id) {
  std::string exist;
  const auto rows = query(
      "SELECT DISTINCT checkpoint FROM v_checkpoints WHERE trial_id = ?1 AND state = 'COMMITTED' "
      "ORDER BY epoch",
      {trial_id});
  if (rows) {
    for (const Row& row : rows->rows) exist += (exist.empty() ? "" : ", ") + row[0].AsString();
  }
  return NotFound("there is no checkpoint " + text + "; " +
                  (exist.empty() ? "its trial has none" : "its trial has " + exist));
}

}  // namespace

Result<CheckpointRef> FindCheckpoint(const RunQuery& query, const std::string& text) {
  TUTTI_ASSIGN_OR_RETURN(const CheckpointReference wanted, ParseCheckpointReference(text));
  const std::string trial = wanted.trial_text();
  TUTTI_ASSIGN_OR_RETURN(
      const Table found,
      query("SELECT trial_id FROM v_trials WHERE experiment_id = ?1 AND trial_no = ?2",
            {wanted.experiment, wanted.trial_no}));
  if (found.rows.empty()) {
    return NotFound("trial " + trial + " does not exist; `tutti ls " +
                    std::to_string(wanted.experiment) + "` lists what does");
  }
  CheckpointRef ref{TrialId(found.rows[0][0].AsInt()), "", trial + "@" + wanted.which};
  if (wanted.which == "best") return ref;
  const std::int64_t epoch = CheckpointEpoch(wanted.which);
  TUTTI_ASSIGN_OR_RETURN(
      const Table checkpoint,
      epoch > 0 ? query("SELECT path FROM v_checkpoints WHERE trial_id = ?1 AND epoch = ?2 "
                       "ORDER BY checkpoint_id DESC LIMIT 1",
                       {ref.trial.value, epoch})
               : query("SELECT path FROM v_checkpoints WHERE trial_id = ?1 AND is_last = 1",
                       {ref.trial.value}));
  if (checkpoint.rows.empty()) return NoCheckpoint(query, text, ref.trial.value);
  ref.checkpoint_name = checkpoint.rows[0][0].AsString();
  return ref;
}

Result<CheckpointEvaluations> FindEvaluations(const RunQuery& query, TrialId trial,
                                              const std::string& checkpoint_name) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table of_trial,
      query("SELECT t.trial, coalesce(c.path, ''), coalesce(c.checkpoint, t.trial || '@best'), "
            "coalesce(t.best_epoch, -1) FROM v_trials AS t LEFT JOIN v_checkpoints AS c "
            "ON c.trial_id = t.trial_id AND iif(?2 = '', c.is_best, c.path = ?2) "
            "WHERE t.trial_id = ?1 ORDER BY c.checkpoint_id DESC LIMIT 1",
            {trial.value, checkpoint_name}));
  if (of_trial.rows.empty()) return NotFound("there is no trial with id " + ToString(trial));
  const Row& found = of_trial.rows[0];
  const std::string path = checkpoint_name.empty() ? found[1].AsString() : checkpoint_name;
  CheckpointEvaluations result;
  result.text = found[2].AsString();
  if (!checkpoint_name.empty() && found[1].AsString().empty()) {
    result.text = found[0].AsString() + " (" + checkpoint_name + ")";
  }
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      query("SELECT v.evaluation_id, v.split, v.n, v.classes, v.labelled, a.class_names "
            "FROM v_evaluations AS v JOIN evaluations AS e ON e.evaluation_id = v.evaluation_id "
            "JOIN attempts AS a ON a.attempt_id = e.attempt_id "
            "WHERE v.trial_id = ?1 AND v.dataset IS NULL AND v.has_predictions = 1 "
            "AND v.checkpoint_path = ?2 AND (?2 <> '' OR v.epoch = ?3) ORDER BY v.evaluation_id",
            {trial.value, path, found[3]}));
  for (const Row& row : rows.rows) {
    StoredEvaluation e;
    e.evaluation_id = row[0].AsInt();
    e.split = row[1].AsString();
    e.n = row[2].AsInt();
    e.classes = row[3].AsInt();
    e.labelled = row[4].AsInt() != 0;
    e.class_names = ClassNames(row[5], e.classes);
    std::erase_if(result.evaluations,
                  [&](const StoredEvaluation& older) { return older.split == e.split; });
    result.evaluations.push_back(std::move(e));
  }
  std::stable_sort(result.evaluations.begin(), result.evaluations.end(),
                   [](const StoredEvaluation& a, const StoredEvaluation& b) {
                     return SplitOrder(a.split) < SplitOrder(b.split);
                   });
  return result;
}

Result<StoredPredictions> LoadPredictions(const RunQuery& query, std::int64_t evaluation_id) {
  TUTTI_ASSIGN_OR_RETURN(const Table head,
                         query("SELECT n, classes FROM evaluations "
                               "WHERE evaluation_id = ?1 AND split_id IS NOT NULL",
                               {evaluation_id}));
  if (head.rows.empty()) {
    return NotFound("evaluation " + std::to_string(evaluation_id) + " has no stored predictions");
  }
  const auto n = static_cast<std::size_t>(head.rows[0][0].AsInt());
  StoredPredictions p;
  p.classes = head.rows[0][1].AsInt();
  p.items.reserve(n);
  p.labels.reserve(n);
  p.logits.reserve(n * static_cast<std::size_t>(p.classes));
  while (p.items.size() < n) {
    const auto from = static_cast<std::int64_t>(p.items.size());
    TUTTI_ASSIGN_OR_RETURN(
        const Table rows,
        query("SELECT i.item, i.label, p.logits FROM evaluations AS e "
              "JOIN predictions AS p ON p.evaluation_id = e.evaluation_id "
              "JOIN split_items AS i ON i.split_id = e.split_id AND i.position = p.position "
              "WHERE e.evaluation_id = ?1 AND p.position >= ?2 AND p.position < ?3 "
              "ORDER BY p.position",
              {evaluation_id, from, from + kPage}));
    for (const Row& row : rows.rows) {
      p.items.push_back(static_cast<std::int32_t>(row[0].AsInt()));
      p.labels.push_back(static_cast<std::int32_t>(row[1].AsInt()));
      if (AppendFloats(row[2].AsString(), static_cast<std::size_t>(p.classes), p.logits)) continue;
      return DataLoss("the logits of item " + row[0].Dump() + " of evaluation " +
                      std::to_string(evaluation_id) + " are damaged");
    }
    if (rows.rows.empty()) {
      return DataLoss("evaluation " + std::to_string(evaluation_id) + " has " +
                      std::to_string(n) + " items, predictions of " + std::to_string(from) +
                      " are stored");
    }
  }
  return p;
}

Result<MemberPredictions> JoinByItem(std::vector<StoredPredictions>& members,
                                     const std::vector<std::string>& names) {
  MemberPredictions joined;
  if (members.empty()) return joined;
  joined.classes = members[0].classes;
  // item -> its position in each member; only items of all members stay.
  std::vector<std::unordered_map<std::int32_t, std::size_t>> places(members.size());
  for (std::size_t k = 0; k < members.size(); ++k) {
    if (members[k].classes != joined.classes) {
      return FailedPrecondition(names[0] + " tells " + std::to_string(joined.classes) +
                                " classes apart, " + names[k] + " " +
                                std::to_string(members[k].classes));
    }
    places[k].reserve(members[k].items.size());
    for (std::size_t i = 0; i < members[k].items.size(); ++i) {
      places[k].emplace(members[k].items[i], i);
    }
  }
  const auto width = static_cast<std::size_t>(joined.classes);
  joined.logits.resize(members.size());
  for (std::size_t i = 0; i < members[0].items.size(); ++i) {
    const std::int32_t item = members[0].items[i];
    if (places[0].at(item) != i) continue;  // an item that is there twice counts once
    const bool shared = std::all_of(places.begin(), places.end(),
                                    [item](const auto& place) { return place.contains(item); });
    if (!shared) continue;
    joined.items.push_back(item);
    joined.labels.push_back(members[0].labels[i]);
    for (std::size_t k = 0; k < members.size(); ++k) {
      const std::size_t at = places[k].at(item);
      if (members[k].labels[at] != members[0].labels[i]) {
        return FailedPrecondition(
            "item " + std::to_string(item) + " is of class " +
            std::to_string(members[0].labels[i]) + " for " + names[0] + " and of class " +
            std::to_string(members[k].labels[at]) + " for " + names[k] +
            ": they were not evaluated on the same data");
      }
      const auto row = members[k].logits.begin() + static_cast<std::ptrdiff_t>(at * width);
      joined.logits[k].insert(joined.logits[k].end(), row,
                              row + static_cast<std::ptrdiff_t>(width));
    }
  }
  for (StoredPredictions& member : members) {
    if (member.items.size() != joined.items.size()) joined.complete = false;
    member.logits = {};
  }
  return joined;
}

}  // namespace tutti::storage
