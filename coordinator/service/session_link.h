#pragma once

#include <string>

#include "experiments/core/result.h"

namespace tutti::v1 {
class DesiredState;
class RemoteExec;
class ReportAck;
class WatchUpdate;
class Welcome;
}  // namespace tutti::v1

// The far ends of streams as the event loop's thread sees them. All calls return at once, from any
// thread, also when the stream has ended already.

namespace tutti {

class SessionLink {
 public:
  virtual ~SessionLink() = default;
  virtual void SendWelcome(const v1::Welcome& welcome) = 0;
  // What has not left yet is replaced: a state, or an attempt's acknowledgement, is worth only its
  // newest value. So a worker that stops reading costs no memory.
  // By value: it may hold many megabytes of pixels.
  virtual void SendDesired(v1::DesiredState desired) = 0;
  virtual void SendAck(const v1::ReportAck& ack) = 0;
  // After the desired state that was sent before it. At most a few hundred wait; more are dropped.
  virtual void SendRemoteExec(const v1::RemoteExec& exec) = 0;
  // Tells the worker not to come back, then ends the stream.
  virtual void Refuse(const std::string& reason) = 0;
  // Ends the stream; the worker will try again.
  virtual void Close(const Error& why) = 0;
  // The last message has been dealt with and there is room for the next.
  virtual void ReadNext() = 0;
};

class WatchLink {
 public:
  virtual ~WatchLink() = default;
  // A snapshot that has not left yet is replaced. After the `last` the stream ends. False: the
  // stream is over, or its reader has stopped reading for too long.
  virtual bool Send(const v1::WatchUpdate& update, bool last) = 0;
  virtual bool IsOpen() = 0;
};

}  // namespace tutti
