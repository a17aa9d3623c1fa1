#include "coordinator/service/writer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "coordinator/service/log.h"

namespace tutti {
namespace {

std::int64_t SteadyMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// What an item weighs in the queue: its bulk, and a flat guess for the rest.
std::size_t Weight(const storage::WriteItem& item) {
  constexpr std::size_t kFlat = 1024;
  if (const auto* report = std::get_if<storage::StoredReport>(&item)) {
    return kFlat + report->record.payload.size();
  }
  if (const auto* report = std::get_if<storage::NoncanonicalReport>(&item)) {
    return kFlat + report->record.payload.size();
  }
  if (const auto* document = std::get_if<storage::SubmittedDocument>(&item)) {
    return kFlat + document->raw_text.size() + document->canonical_json.size();
  }
  return kFlat;
}

}  // namespace

Writer::Writer(std::unique_ptr<storage::RunStore> store, EventLoop& loop, WriterLimits limits)
    : limits_(limits), loop_(loop), store_(std::move(store)), thread_([this] { Run(); }) {}

void Writer::Push(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (closing_ || abandoned_) return;
    const bool urgent = !std::holds_alternative<Batch>(job);
    jobs_.push_back(std::move(job));
    if (gathering_ && !urgent && jobs_.size() < limits_.gather_jobs) return;
    gathering_ = false;
  }
  wake_.notify_one();
}

void Writer::Submit(std::vector<storage::WriteItem> items, Committed on_committed) {
  Batch batch{std::move(items), std::move(on_committed), 0};
  for (const storage::WriteItem& item : batch.items) batch.bytes += Weight(item);
  queued_bytes_ += batch.bytes;
  Push(std::move(batch));
}

void Writer::SaveSnapshot(Json snapshot, int engine_version) {
  Push(Snapshot{std::move(snapshot), engine_version});
}

void Writer::FindReply(std::string request_id, Found on_found) {
  Push(Lookup{std::move(request_id), std::move(on_found)});
}

std::int64_t Writer::last_commit_age_ms() const {
  const std::int64_t at = last_commit_ms_.load();
  return at < 0 ? -1 : SteadyMs() - at;
}

std::vector<Writer::Job> Writer::Take() {
  std::vector<Job> taken;
  std::size_t bytes = 0;
  std::size_t items = 0;
  while (!jobs_.empty()) {
    const auto* batch = std::get_if<Batch>(&jobs_.front());
    if (batch == nullptr && !taken.empty()) break;
    if (batch != nullptr && !taken.empty() &&
        (bytes + batch->bytes > limits_.bytes_per_commit ||
         items + batch->items.size() > limits_.items_per_commit)) {
      break;
    }
    const bool alone = batch == nullptr;
    if (batch != nullptr) {
      bytes += batch->bytes;
      items += batch->items.size();
    }
    taken.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
    if (alone) break;
  }
  return taken;
}

void Writer::Commit(std::vector<Job> batches) {
  std::vector<storage::WriteItem> items;
  std::vector<Committed> callbacks;
  std::size_t bytes = 0;
  for (Job& job : batches) {
    Batch& batch = std::get<Batch>(job);
    bytes += batch.bytes;
    for (storage::WriteItem& item : batch.items) items.push_back(std::move(item));
    if (batch.on_committed) callbacks.push_back(std::move(batch.on_committed));
  }
  if (!items.empty()) {
    if (const Status written = store_->Write(items); !written) {
      LogFatalAndExit("cannot write to the database, nothing more is done: " +
                      written.error().ToString());
    }
    last_commit_ms_ = SteadyMs();
    committed_at_ = std::chrono::steady_clock::now();
  }
  queued_bytes_ -= bytes;
  loop_.Post([run = std::move(callbacks), after = after_commit_] {
    for (const Committed& callback : run) callback();
    if (after) after();
  });
}

void Writer::Run() {
  while (true) {
    std::vector<Job> jobs;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return closing_ || abandoned_ || !jobs_.empty(); });
      if (abandoned_ || (closing_ && jobs_.empty())) return;
      gathering_ = jobs_.size() < limits_.gather_jobs &&
                   std::all_of(jobs_.begin(), jobs_.end(), [](const Job& job) {
                     return std::holds_alternative<Batch>(job);
                   });
      wake_.wait_until(lock, committed_at_ + limits_.gather,
                       [this] { return closing_ || abandoned_ || !gathering_; });
      gathering_ = false;
      if (abandoned_) return;
      jobs = Take();
    }
    if (std::holds_alternative<Batch>(jobs.front())) {
      Commit(std::move(jobs));
    } else if (auto* snapshot = std::get_if<Snapshot>(&jobs.front())) {
      if (const Status saved = store_->SaveSnapshot(snapshot->state, snapshot->engine_version);
          !saved) {
        LogFatalAndExit("cannot save a snapshot: " + saved.error().ToString());
      }
    } else if (auto* lookup = std::get_if<Lookup>(&jobs.front())) {
      auto reply = store_->FindReply(lookup->request_id);
      if (!reply) LogFatalAndExit("cannot read the database: " + reply.error().ToString());
      loop_.Post([found = std::move(lookup->on_found), value = std::move(reply).value()] {
        found(value);
      });
    }
  }
}

Status Writer::Close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  return store_->Close();
}

void Writer::Abandon() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    dropped.swap(jobs_);
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace tutti
