// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/serviceregistry.h"

namespace Rollcall {

void ServiceRegistry::insert(const QString &name, QObject *service)
{
    Q_ASSERT(service && !m_services.value(name));
    m_services.insert(name, service);
    Q_EMIT servicePublished(name);
}

} // namespace Rollcall
