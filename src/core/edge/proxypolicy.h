// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"
#include "core/edge/headparser.h"

#include <QHostAddress>
#include <QStringList>

#include <utility>

namespace Rollcall {

/// Who a request comes from, as far as its sender can be believed (edge.trustedProxies).
class ROLLCALL_CORE_EXPORT ProxyPolicy
{
public:
    struct Origin
    {
        QHostAddress
            client; ///< null: said to be forwarded by somebody we do not trust, from this machine
        bool isSecure = false;
        bool isForwarded = false; ///< by a trusted proxy
    };

    ProxyPolicy() = default;
    explicit ProxyPolicy(const QStringList &trusted);

    bool isTrusted(const QHostAddress &address) const;
    /// Only a trusted proxy's X-Forwarded-For and -Proto count. A request that has such headers
    /// from anyone else is never taken for a local one: a proxy on this machine may just not have
    /// been configured.
    Origin originOf(const QHostAddress &peer, bool isSecure, const RequestHead &head) const;

private:
    QList<std::pair<QHostAddress, int>> m_networks;
};

} // namespace Rollcall
