#include "worker/agent/checkpoint_transfer.h"

#include <algorithm>
#include <chrono>

namespace tutti::worker {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kFirstBackoff{200};
constexpr milliseconds kMaxBackoff{5000};

bool WorthRetrying(const Status& status) {
  return !status && (status.error().code() == ErrorCode::kUnavailable ||
                     status.error().code() == ErrorCode::kDeadlineExceeded);
}

}  // namespace

bool IsCheckpointName(const std::string& name) {
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    const bool plain = std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '_' || c == '-';
    });
    if (part.empty() || part.front() == '.' || part.size() > 128 || !plain) return false;
    begin = end + 1;
  }
  return true;
}

CheckpointTransfer::CheckpointTransfer(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this] { Loop(); }) {}

CheckpointTransfer::~CheckpointTransfer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    if (cancel_) cancel_();
    changed_.notify_all();
  }
  thread_.join();
}

void CheckpointTransfer::SetAddress(const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (address == address_) return;
  address_ = address;
  changed_.notify_all();
}

void CheckpointTransfer::Add(Job job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  changed_.notify_all();
}

std::vector<CheckpointTransfer::Finished> CheckpointTransfer::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(finished_, {});
}

void CheckpointTransfer::Loop() {
  std::unique_lock lock(mutex_);
  milliseconds backoff = kFirstBackoff;
  while (true) {
    changed_.wait(lock, [this] { return ending_ || (!jobs_.empty() && !address_.empty()); });
    if (ending_) return;
    const Job job = jobs_.front();
    const std::string address = address_;
    lock.unlock();
    const auto on_start = [this](std::function<void()> cancel) {
      const std::lock_guard guard(mutex_);
      cancel_ = std::move(cancel);
      if (ending_ && cancel_) cancel_();
    };
    Status status = InvalidArgument("'" + job.name + "' is no checkpoint name");
    if (IsCheckpointName(job.name)) {
      status = job.kind == Job::Kind::kUpload ? UploadCheckpoint(address, job, on_start)
                                              : DownloadCheckpoint(address, job, on_start);
    }
    lock.lock();
    cancel_ = nullptr;
    if (WorthRetrying(status)) {
      changed_.wait_for(lock, backoff, [this] { return ending_; });
      backoff = std::min(kMaxBackoff, backoff * 2);
      continue;
    }
    backoff = kFirstBackoff;
    jobs_.pop_front();
    finished_.push_back({job, std::move(status)});
    wake_();
  }
}

}  // namespace tutti::worker
