// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace Rollcall::Bench {

/// The least that a server can do for the same clients: an epoll loop that copies each frame to the
/// members of the sender's room and writes, once per recipient, at the end of the loop turn. It
/// checks nothing, remembers nothing and limits nothing.
class LimitServer
{
public:
    /// Listens on 127.0.0.1; exits with a message when it cannot.
    explicit LimitServer(int port);
    int port() const;
    /// Until the process ends.
    [[noreturn]] void run();

private:
    struct Client
    {
        explicit Client(int socket)
            : descriptor(socket)
        { }

        int descriptor;
        std::vector<Client *> *room = nullptr;
        bool isOpen = false;
        bool isDirty = false;
        bool isWriteAwaited = false;
        std::string in;
        std::string out;
    };

    void accept();
    void receive(Client &client);
    void handle(Client &client, std::string_view text);
    void enter(Client &client, std::string_view text);
    void deliver(Client &client, std::string_view frame);
    void flush(Client &client);
    void await(Client &client, bool isWriteAwaited);
    void drop(Client &client);

    int m_listener = -1;
    int m_epoll = -1;
    std::vector<Client *> m_clients; // by descriptor
    std::unordered_map<std::string, std::vector<Client *>> m_rooms; // never erased: names are few
    std::vector<Client *> m_dirty;
    std::vector<char> m_buffer;
    std::string m_frame; // reused
};

} // namespace Rollcall::Bench
