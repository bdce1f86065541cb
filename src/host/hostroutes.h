// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

class QObject;

namespace Rollcall {

class HttpService;
class Metrics;
class PluginManager;
class ServiceRegistry;

/// GET /metrics, in Prometheus' text format.
void publishMetrics(HttpService &http, Metrics &metrics, QObject *context);

/// GET /ready: 503 while a service of `required` is missing, degraded while a plugin has failed.
void addPluginChecks(HttpService &http, const PluginManager &plugins,
                     const ServiceRegistry &services, const QStringList &required,
                     QObject *context);

} // namespace Rollcall
