// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "bench/target.h"
#include "soak/history.h"

#include <optional>
#include <string>
#include <string_view>

namespace Rollcall::Soak {

/// One user's WebSocket and what it is up to. It moves bytes; the crowd decides.
struct Client
{
    enum class State {
        Closed,
        Upgrading,
        Joining,
        InRoom,
        Outside,
        Leaving, ///< has said good-bye and waits for the answer
    };

    int user = kNobody;
    State state = State::Closed;
    bool isBatch = false; ///< wants movement in batches
    bool isSlow = false; ///< its socket holds little and takes it in small pieces: the host notices
    int node = 0;
    int connection = 0; ///< the how manieth
    int room = kNobody; ///< that it is in, or wants to be in
    bool isReading = true;
    Time readUntil{0}; ///< what was sent to it by then, it has read
    std::int64_t probe = 0; ///< the beat whose answer moves that on
    Time probedAt{0};
    Time dueAt{0}; ///< what comes next: a return, a join, reading again
    Time nextMoveAt = kNever;
    Time moveUntil = kNever;
    Time moveEvery{0};
    Time nextBeatAt{0};
    std::int64_t beats = 0;

    bool isOpen() const { return m_descriptor >= 0; }
    int descriptor() const { return m_descriptor; }

    /// Begins to connect, watched by `epoll` under `key`. False: it could not.
    bool open(int epoll, std::uint64_t key, const Bench::Target &target);
    enum class End { Close, Reset };
    void close(End end);
    void sendClose(int code);
    void send(std::string_view message);
    void setReading(bool isReading);
    /// Sends what could not be sent at once.
    void flush();

    /// Takes what has arrived. False: the connection is over.
    bool receive();
    /// The next message of what was received; control frames are answered on the way. Its bytes are
    /// followed by some that may be read, and stay where they are until the next receive().
    std::optional<std::string_view> nextMessage();
    int closeCode() const { return m_closeCode; } ///< 0: it did not say good-bye

private:
    bool readHead();
    void watch();

    int m_descriptor = -1;
    int m_epoll = -1;
    std::uint64_t m_key = 0;
    bool m_isUpgraded = false;
    int m_closeCode = 0;
    std::string m_in;
    std::size_t m_begin = 0; ///< of what is not read yet
    std::string m_out;
};

} // namespace Rollcall::Soak
