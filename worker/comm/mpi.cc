#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <mpi.h>

#include "worker/comm/bootstrap.h"
#include "worker/comm/data_type.h"
#include "worker/comm/watchdog.h"

namespace tutti::comm {
namespace {

// Every MPI call goes through here: a code other than MPI_SUCCESS becomes an Error with MPI's text.
Status Checked(int code, const char* call) {
  if (code == MPI_SUCCESS) return Ok{};
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  return Internal(std::string(call) + " failed: " + std::string(text, text + length));
}

MPI_Datatype TypeOf(DataType type) {
  switch (type) {
    case DataType::kFloat32: return MPI_FLOAT;
    case DataType::kFloat64: return MPI_DOUBLE;
    case DataType::kInt64: return MPI_INT64_T;
    case DataType::kUint8: return MPI_BYTE;
    case DataType::kBFloat16: break;
  }
  CheckFailed(__FILE__, __LINE__, "DataType", "bfloat16 cannot be summed by MPI");
}

class MpiCommunicator final : public Communicator {
 public:
  MpiCommunicator(MPI_Comm comm, int rank, int size, std::chrono::milliseconds deadline)
      : comm_(comm), rank_(rank), size_(size), watchdog_(deadline) {}
  ~MpiCommunicator() override { MPI_Comm_free(&comm_); }
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  Status Barrier() override {
    const Watchdog::Scope scope(watchdog_, "MPI_Barrier");
    return Checked(MPI_Barrier(comm_), "MPI_Barrier");
  }

  Status Broadcast(Buffer buffer, int root) override {
    return InPieces(buffer, [&](void* data, int count, MPI_Datatype type) {
      const Watchdog::Scope scope(watchdog_, "MPI_Bcast");
      return Checked(MPI_Bcast(data, count, type, root, comm_), "MPI_Bcast");
    });
  }

  Status AllReduceSum(Buffer buffer) override {
    return InPieces(buffer, [&](void* data, int count, MPI_Datatype type) {
      const Watchdog::Scope scope(watchdog_, "MPI_Allreduce");
      return Checked(MPI_Allreduce(MPI_IN_PLACE, data, count, type, MPI_SUM, comm_),
                     "MPI_Allreduce");
    });
  }

  Status AllGather(Buffer send, void* recv) override {
    TUTTI_CHECK(send.count <= INT_MAX, "AllGather of more than 2^31 - 1 elements a rank");
    const Watchdog::Scope scope(watchdog_, "MPI_Allgather");
    const int count = static_cast<int>(send.count);
    const MPI_Datatype type = TypeOf(send.type);
    return Checked(MPI_Allgather(send.data, count, type, recv, count, type, comm_),
                   "MPI_Allgather");
  }

  void Abort(const std::string& why) override {
    std::fprintf(stderr, "tutti-trainer: rank %d: %s\n", rank_, why.c_str());
    std::fflush(stderr);
    MPI_Abort(comm_, kWatchdogExitCode);
    std::abort();  // MPI_Abort does not return; the compiler cannot know
  }

 private:
  // MPI counts are ints: larger buffers go in pieces of 2^30 elements.
  template <class Call>
  Status InPieces(const Buffer& buffer, Call call) {
    constexpr std::int64_t kPiece = std::int64_t{1} << 30;
    const MPI_Datatype type = TypeOf(buffer.type);
    for (std::int64_t at = 0; at < buffer.count; at += kPiece) {
      auto* data = static_cast<char*>(buffer.data) +
                   static_cast<std::size_t>(at) * ElementSize(buffer.type);
      const auto count = static_cast<int>(std::min(kPiece, buffer.count - at));
      TUTTI_RETURN_IF_ERROR(call(data, count, type));
    }
    return Ok{};
  }

  MPI_Comm comm_;
  const int rank_;
  const int size_;
  Watchdog watchdog_;
};

class MpiWorld final : public Rendezvous {
 public:
  MpiWorld(int rank, int size) : rank_(rank), size_(size) {}
  ~MpiWorld() override { MPI_Finalize(); }
  MpiWorld(const MpiWorld&) = delete;
  MpiWorld& operator=(const MpiWorld&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  // Set by Open MPI's daemons for each process, by node as the launch names it. (Splitting by shared
  // memory would take two nodes on one machine for one.)
  int local_rank() const override {
    const char* text = std::getenv("OMPI_COMM_WORLD_LOCAL_RANK");
    return text != nullptr ? std::atoi(text) : rank_;
  }

  Result<std::unique_ptr<Communicator>> HostCommunicator(
      std::chrono::milliseconds call_deadline) override {
    MPI_Comm comm = MPI_COMM_NULL;
    TUTTI_RETURN_IF_ERROR(Checked(MPI_Comm_dup(MPI_COMM_WORLD, &comm), "MPI_Comm_dup"));
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
    return std::unique_ptr<Communicator>(
        std::make_unique<MpiCommunicator>(comm, rank_, size_, call_deadline));
  }

  Result<std::unique_ptr<Communicator>> DeviceCommunicator(
      int cuda_device, std::chrono::milliseconds call_deadline) override {
    return MakeNccl(rank_, size_, cuda_device, call_deadline,
                    [](void* data, std::int64_t bytes) -> Status {
                      return Checked(MPI_Bcast(data, static_cast<int>(bytes), MPI_BYTE, 0,
                                               MPI_COMM_WORLD),
                                     "MPI_Bcast");
                    });
  }

 private:
  const int rank_;
  const int size_;
};

}  // namespace

Result<std::unique_ptr<Rendezvous>> JoinMpi(int world_size) {
  // Only the main thread communicates; the watchdog never calls MPI.
  int provided = 0;
  TUTTI_RETURN_IF_ERROR(Checked(
      MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread"));
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  int rank = 0;
  int size = 0;
  TUTTI_RETURN_IF_ERROR(Checked(MPI_Comm_rank(MPI_COMM_WORLD, &rank), "MPI_Comm_rank"));
  TUTTI_RETURN_IF_ERROR(Checked(MPI_Comm_size(MPI_COMM_WORLD, &size), "MPI_Comm_size"));
  auto world = std::make_unique<MpiWorld>(rank, size);
  if (size != world_size) {
    return FailedPrecondition("MPI's world has " + std::to_string(size) + " ranks, the gang has " +
                              std::to_string(world_size) + "; start the ranks with mpirun -n " +
                              std::to_string(world_size));
  }
  return std::unique_ptr<Rendezvous>(std::move(world));
}

}  // namespace tutti::comm
