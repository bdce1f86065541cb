// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <netinet/in.h>
#include <string>
#include <string_view>

namespace Rollcall::Bench {

/// Where a host listens: a ws:// URL, its address looked up.
struct Target
{
    std::string host; ///< as in the URL, with the port
    std::string path; ///< with the query
    sockaddr_in address{};

    bool isNull() const { return host.empty(); }

    /// Exits with a message when it is not a ws:// URL or its host is unknown. Without a path:
    /// /ws.
    static Target parse(std::string_view url);
};

} // namespace Rollcall::Bench
