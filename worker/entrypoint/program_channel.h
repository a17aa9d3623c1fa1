#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "experiments/core/result.h"
#include "worker/entrypoint/line_connection.h"
#include "worker/entrypoint/program_environment.h"

// How a program talks to its host: a Unix socket (JSON lines both ways), and for shells a FIFO
// that takes the same lines and a file that appears when the program is to stop.

namespace tutti::entrypoint {

class ProgramChannel {
 public:
  struct Events {
    // A connected rank: its connection can take messages. `warm`: it can run several attempts.
    std::function<void(int rank, bool warm)> on_hello;
    // rank -1: by the FIFO.
    std::function<void(int rank, const Json& message)> on_message;
    // A line that is no JSON object, or too long.
    std::function<void(const std::string& why)> on_bad_line;
    std::function<void(int rank)> on_closed;
  };

  // Makes socket, FIFO and scratch directory in `directory` (at most 90 bytes long).
  static Result<std::unique_ptr<ProgramChannel>> Open(worker::EventLoop& loop,
                                                      const std::filesystem::path& directory,
                                                      int world, Events events);
  ~ProgramChannel();
  ProgramChannel(const ProgramChannel&) = delete;
  ProgramChannel& operator=(const ProgramChannel&) = delete;

  const Places& places() const { return places_; }
  bool Connected(int rank) const { return ranks_.contains(rank); }
  // Nothing if the rank is not connected.
  void Send(int rank, const Json& message);
  // The stop file: "" removes it.
  void SetStop(const std::string& how);
  // Reads what connections and FIFO still hold.
  void Drain();
  // Closes all connections, without on_closed, and empties the scratch directory.
  void Reset();

 private:
  ProgramChannel(worker::EventLoop& loop, Places places, int world, Events events);
  void Accept();
  void ReadFifo();
  void OnLine(int fd, std::string_view line);
  void OnClosed(int fd);

  struct Peer {
    std::unique_ptr<LineConnection> connection;
    int rank = -1;  // until its hello
  };
  worker::EventLoop& loop_;
  Places places_;
  int world_;
  Events events_;
  worker::FileDescriptor listener_;
  worker::FileDescriptor fifo_;
  LineBuffer fifo_lines_;
  std::map<int, Peer> peers_;
  std::map<int, int> ranks_;  // rank -> key of peers_
  std::map<int, Peer> gone_;  // closed by themselves; destroyed outside of their own calls
};

}  // namespace tutti::entrypoint
