// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/upgradeservice.h"

#include <QHash>

namespace Rollcall {

/// The edge's table of WebSocket endpoints.
class EdgeUpgradeService final : public UpgradeService
{
    Q_OBJECT
public:
    using UpgradeService::UpgradeService;

    void addEndpoint(const QByteArray &path, UpgradeEndpoint *endpoint) override;
    void removeEndpoint(UpgradeEndpoint *endpoint) override;

    /// Null when there is none.
    UpgradeEndpoint *find(const QByteArray &path) const;

private:
    static QByteArray normalized(const QByteArray &path);

    QHash<QByteArray, UpgradeEndpoint *> m_endpoints; // borrowed
};

} // namespace Rollcall
