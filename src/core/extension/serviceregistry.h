// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/export.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QString>

namespace Rollcall {

/// The services of a host by name. A service is an abstract QObject of core/services with
/// `static constexpr const char *kServiceName`.
///
/// The registry borrows services: whoever publishes one owns it and keeps it alive until the host
/// ends.
class ROLLCALL_CORE_EXPORT ServiceRegistry : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Publishing a name twice is a programming error: the PluginManager has chosen one provider
    /// before.
    template <typename Service>
    void publish(Service *service)
    {
        insert(QLatin1String(Service::kServiceName), service);
    }

    /// Null when nobody provides it.
    template <typename Service>
    Service *find() const
    {
        return static_cast<Service *>(object(QLatin1String(Service::kServiceName)));
    }

    QStringList names() const { return m_services.keys(); }
    /// What a plugin had published before it failed.
    void withdraw(const QString &name) { m_services.remove(name); }

Q_SIGNALS:
    void servicePublished(const QString &name);

private:
    void insert(const QString &name, QObject *service);
    QObject *object(const QString &name) const { return m_services.value(name); }

    QHash<QString, QPointer<QObject>> m_services;
};

} // namespace Rollcall
