// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/edge/edgeupgradeservice.h"

namespace Rollcall {

QByteArray EdgeUpgradeService::normalized(const QByteArray &path)
{
    return path.size() > 1 && path.endsWith('/') ? path.chopped(1) : path;
}

void EdgeUpgradeService::addEndpoint(const QByteArray &path, UpgradeEndpoint *endpoint)
{
    Q_ASSERT(endpoint && !m_endpoints.contains(normalized(path)));
    m_endpoints.insert(normalized(path), endpoint);
}

void EdgeUpgradeService::removeEndpoint(UpgradeEndpoint *endpoint)
{
    m_endpoints.removeIf([endpoint](const auto &entry) { return entry.value() == endpoint; });
}

UpgradeEndpoint *EdgeUpgradeService::find(const QByteArray &path) const
{
    return m_endpoints.value(normalized(path));
}

} // namespace Rollcall
