// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "host/hostroutes.h"

#include "core/base/metrics.h"
#include "core/extension/pluginmanager.h"
#include "core/extension/serviceregistry.h"
#include "core/services/httpservice.h"

namespace Rollcall {

void publishMetrics(HttpService &http, Metrics &metrics, QObject *context)
{
    http.route("GET", "/metrics", HttpAccess::Public, context,
               [&metrics](const HttpRequest &, HttpResponder responder) {
                   HttpResponse response;
                   response.contentType = "text/plain; version=0.0.4; charset=utf-8";
                   response.body = metrics.render();
                   responder.send(std::move(response));
               });
}

void addPluginChecks(HttpService &http, const PluginManager &plugins,
                     const ServiceRegistry &services, const QStringList &required, QObject *context)
{
    http.addReadinessCheck("services", context, true, [&services, required] {
        const QStringList there = services.names();
        QStringList missing;
        for (const QString &name : required) {
            if (!there.contains(name))
                missing.append(name);
        }
        return missing.isEmpty() ? QString()
                                 : QStringLiteral("missing: ") + missing.join(QStringLiteral(", "));
    });
    // Their reasons name files and are for the log.
    http.addReadinessCheck("plugins", context, false, [&plugins] {
        QStringList failed;
        for (const PluginSpec *spec : plugins.specs()) {
            if (spec->state() == PluginState::Failed)
                failed.append(spec->id());
        }
        return failed.isEmpty() ? QString()
                                : QStringLiteral("failed: ") + failed.join(QStringLiteral(", "));
    });
}

} // namespace Rollcall
