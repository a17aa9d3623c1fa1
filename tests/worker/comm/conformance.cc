#include "tests/worker/comm/conformance.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "experiments/core/rng.h"

namespace tutti::comm {
namespace {

class Checks {
 public:
  explicit Checks(int rank) : rank_(rank) {}
  void Expect(bool condition, const char* what) {
    if (condition) return;
    ++failures_;
    std::fprintf(stderr, "rank %d: conformance: %s\n", rank_, what);
  }
  int failures() const { return failures_; }

 private:
  const int rank_;
  int failures_ = 0;
};

void SumsExactIntegers(Communicator& comm, Checks& checks) {
  std::vector<std::int64_t> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int64_t>(i) * (comm.rank() + 1);
  }
  checks.Expect(comm.AllReduceSum({values.data(), 1000, DataType::kInt64}).ok(), "int64 sum");
  const std::int64_t ranks = comm.size() * (comm.size() + 1) / 2;
  bool right = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    right = right && values[i] == static_cast<std::int64_t>(i) * ranks;
  }
  checks.Expect(right, "int64 sum is exact");
}

// The property data-parallel training rests on: after an allreduce all ranks hold the same bits.
template <class T>
void SumsToTheSameBits(Communicator& comm, Checks& checks, DataType type, std::int64_t n) {
  Rng rng = Rng(7).Split("values", {static_cast<std::uint64_t>(comm.rank())});
  std::vector<T> values(static_cast<std::size_t>(n));
  for (T& v : values) v = static_cast<T>(rng.Normal());
  checks.Expect(comm.AllReduceSum({values.data(), n, type}).ok(), "floating sum");
  std::vector<T> all(values.size() * static_cast<std::size_t>(comm.size()));
  checks.Expect(comm.AllGather({values.data(), n, type}, all.data()).ok(), "gather");
  const std::size_t bytes = values.size() * sizeof(T);
  for (int r = 0; r < comm.size(); ++r) {
    const T* part = all.data() + values.size() * static_cast<std::size_t>(r);
    checks.Expect(n == 0 || std::memcmp(part, values.data(), bytes) == 0,
                  "every rank has the same bits after a sum");
  }
}

void GathersInRankOrder(Communicator& comm, Checks& checks) {
  const std::int64_t mine = 100 + comm.rank();
  std::vector<std::int64_t> all(static_cast<std::size_t>(comm.size()), -1);
  Buffer send{const_cast<std::int64_t*>(&mine), 1, DataType::kInt64};
  checks.Expect(comm.AllGather(send, all.data()).ok(), "gather");
  for (int r = 0; r < comm.size(); ++r) {
    checks.Expect(all[static_cast<std::size_t>(r)] == 100 + r, "rank order of a gather");
  }
}

void BroadcastsFromEveryRoot(Communicator& comm, Checks& checks) {
  for (int root = 0; root < comm.size(); ++root) {
    std::vector<std::uint8_t> bytes(70'001, static_cast<std::uint8_t>(comm.rank() + 1));
    checks.Expect(comm.Broadcast({bytes.data(), 70'001, DataType::kUint8}, root).ok(), "bcast");
    bool right = true;
    for (const std::uint8_t b : bytes) right = right && b == root + 1;
    checks.Expect(right, "every rank has the root's bytes");
  }
}

}  // namespace

int RunConformance(Communicator& comm) {
  Checks checks(comm.rank());
  checks.Expect(comm.rank() >= 0 && comm.rank() < comm.size(), "rank below size");
  checks.Expect(comm.Barrier().ok(), "barrier");
  SumsExactIntegers(comm, checks);
  for (const std::int64_t n : {0, 1, 3, 225'034, 1'000'003}) {
    SumsToTheSameBits<float>(comm, checks, DataType::kFloat32, n);
    SumsToTheSameBits<double>(comm, checks, DataType::kFloat64, n);
  }
  GathersInRankOrder(comm, checks);
  BroadcastsFromEveryRoot(comm, checks);
  checks.Expect(comm.Barrier().ok(), "barrier at the end");
  return checks.failures();
}

}  // namespace tutti::comm
