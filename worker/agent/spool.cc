#include "worker/agent/spool.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "experiments/core/check.h"

namespace tutti::worker {

Spool::Spool(AttemptId attempt, std::int64_t fence, std::filesystem::path path,
             SpoolBudget& budget)
    : attempt_(attempt), fence_(fence), path_(std::move(path)), budget_(budget) {}

Spool::~Spool() { Drop(); }

bool Spool::Append(std::string encoded, Class cls, std::int64_t hold_ticket) {
  if (dropped_) return false;
  Entry entry;
  entry.bytes = encoded.size();
  entry.hold_ticket = hold_ticket;
  const bool memory_full = budget_.memory_used + encoded.size() > budget_.memory_limit;
  if (memory_full) {
    const bool file_full = budget_.file_used + encoded.size() > budget_.file_limit;
    if (cls == Class::kTelemetry && (file_full || !WriteToFile(entry, encoded))) {
      ++thinned_;
      return false;
    }
    // A result that no disk takes stays in memory: over the budget, but not lost.
    if (cls == Class::kResult) WriteToFile(entry, encoded);
  }
  if (!entry.in_file) {
    budget_.memory_used += encoded.size();
    entry.memory = std::move(encoded);
  }
  entries_.push_back(std::move(entry));
  return true;
}

bool Spool::WriteToFile(Entry& entry, const std::string& encoded) {
  if (!file_) {
    file_ = FileDescriptor(
        ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file_) return false;
  }
  std::size_t done = 0;
  while (done < encoded.size()) {
    const ssize_t n = ::pwrite(file_.get(), encoded.data() + done, encoded.size() - done,
                               static_cast<off_t>(file_size_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;  // the next record overwrites the torn one
    done += static_cast<std::size_t>(n);
  }
  entry.in_file = true;
  entry.file_at = file_size_;
  file_size_ += encoded.size();
  budget_.file_used += encoded.size();
  return true;
}

std::string Spool::Bytes(const Entry& entry, std::size_t from, std::size_t count) const {
  if (!entry.in_file) return entry.memory.substr(from, count);
  std::string bytes(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    const ssize_t n = ::pread(file_.get(), bytes.data() + done, count - done,
                              static_cast<off_t>(entry.file_at + from + done));
    if (n < 0 && errno == EINTR) continue;
    // The checksum of the record tells the coordinator; there is no second copy to read.
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  return bytes;
}

void Spool::Release(std::int64_t ticket) {
  for (Entry& entry : entries_) {
    if (entry.hold_ticket == ticket) entry.hold_ticket = 0;
  }
}

void Spool::Discard(std::int64_t ticket) {
  for (std::size_t i = numbered_; i < entries_.size(); ++i) {
    if (entries_[i].hold_ticket != ticket) continue;
    (entries_[i].in_file ? budget_.file_used : budget_.memory_used) -= entries_[i].bytes;
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

std::optional<Spool::Part> Spool::Next() {
  if (cursor_ >= entries_.size() || entries_[cursor_].hold_ticket != 0) return std::nullopt;
  const Entry& entry = entries_[cursor_];
  Part part;
  part.seq = acknowledged_ + 1 + static_cast<std::int64_t>(cursor_);
  part.part = static_cast<std::int32_t>(cursor_offset_ / kPartBytes);
  part.parts = static_cast<std::int32_t>(
      std::max<std::size_t>(1, (entry.bytes + kPartBytes - 1) / kPartBytes));
  const std::size_t count = std::min(kPartBytes, entry.bytes - cursor_offset_);
  part.data = Bytes(entry, cursor_offset_, count);
  numbered_ = std::max(numbered_, cursor_ + 1);
  cursor_offset_ += count;
  if (cursor_offset_ >= entry.bytes) {
    ++cursor_;
    cursor_offset_ = 0;
  }
  return part;
}

void Spool::PopFront() {
  const Entry& entry = entries_.front();
  (entry.in_file ? budget_.file_used : budget_.memory_used) -= entry.bytes;
  entries_.pop_front();
  ++acknowledged_;
  if (numbered_ > 0) --numbered_;
  if (cursor_ > 0) {
    --cursor_;
  } else {
    cursor_offset_ = 0;  // it was being sent a second time
  }
}

void Spool::Acknowledge(std::int64_t seq) {
  // Nothing can be committed that was never sent.
  seq = std::min(seq, acknowledged_ + static_cast<std::int64_t>(numbered_));
  if (seq > acknowledged_) gap_at_.reset();
  while (acknowledged_ < seq) PopFront();
  if (entries_.empty() && file_) {
    file_.Close();
    ::unlink(path_.c_str());
    file_size_ = 0;
  }
}

void Spool::Gap(std::int64_t seq) {
  Acknowledge(seq);
  if (gap_at_ == seq) return;  // every report in flight behind the gap is answered with one
  gap_at_ = seq;
  cursor_ = 0;
  cursor_offset_ = 0;
}

void Spool::RewindAll() {
  gap_at_.reset();
  cursor_ = 0;
  cursor_offset_ = 0;
}

void Spool::Drop() {
  while (!entries_.empty()) PopFront();
  dropped_ = true;
  if (file_) {
    file_.Close();
    ::unlink(path_.c_str());
  }
}

}  // namespace tutti::worker
