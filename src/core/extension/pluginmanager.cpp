// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/pluginmanager.h"

#include "core/base/configuration.h"
#include "core/extension/contained_p.h"
#include "core/extension/plugin.h"
#include "core/extension/plugincontext.h"
#include "core/extension/pluginlibrary.h"
#include "core/extension/pluginshutdown.h"

#include <QDir>
#include <QLoggingCategory>

#include <algorithm>

namespace Rollcall {

namespace {

Q_LOGGING_CATEGORY(log, "rollcall.core.extension")

} // namespace

PluginManager::PluginManager(PluginOptions options, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
{ }

PluginManager::~PluginManager()
{
    for (auto spec = m_order.rbegin(); spec != m_order.rend(); ++spec)
        delete (*spec)->m_plugin.data();
}

bool PluginManager::addFolder(const QString &folder, PluginOrigin origin)
{
    const QDir directory(folder);
    if (!directory.exists())
        return false;
    const QStringList files =
        directory.entryList({QStringLiteral("*.so")}, QDir::Files | QDir::System, QDir::Name);
    for (const QString &file : files)
        addFile(directory.filePath(file), origin);
    return true;
}

PluginSpec *PluginManager::addFile(const QString &path, PluginOrigin origin)
{
    const QString canonical = QFileInfo(path).canonicalFilePath();
    const QString known = canonical.isEmpty() ? path : canonical;
    const auto same =
        std::ranges::find(m_specs, known, [](const auto &spec) { return spec->path(); });
    if (same == m_specs.end()) {
        m_specs.push_back(std::make_unique<PluginSpec>(known, origin));
        return m_specs.back().get();
    }
    if ((*same)->m_wasLoaded)
        return nullptr;
    // Nothing refers to a spec that has not been loaded, but the order of those resolved.
    std::erase(m_order, same->get());
    **same = PluginSpec(known, origin);
    return same->get();
}

QStringList PluginManager::resolve()
{
    QStringList problems;
    m_order = resolveFound(problems);
    return problems;
}

PluginManager::Specs PluginManager::resolveFound(QStringList &problems)
{
    Specs all;
    for (const auto &spec : m_specs)
        all.push_back(spec.get());
    PluginResolver resolver(all, m_options);
    resolver.resolve();
    problems = resolver.problems();
    for (const QString &note : resolver.notes())
        qCInfo(log).noquote() << note;
    for (PluginSpec *spec : all) {
        if (spec->state() == PluginState::Failed && !spec->m_wasLoaded)
            fail(spec, spec->reason());
    }
    return resolver.order();
}

void PluginManager::load() { load(m_order); }

bool PluginManager::loadOnly(const PluginSpec *spec)
{
    const auto own = std::ranges::find(m_order, spec);
    if (own == m_order.end())
        return false;
    const Specs one{*own};
    m_order = one;
    loadOne(one.front());
    return spec->plugin() != nullptr;
}

void PluginManager::load(const Specs &specs)
{
    for (PluginSpec *spec : specs)
        loadOne(spec);
}

void PluginManager::loadOne(PluginSpec *spec)
{
    if (const PluginSpec *broken = spec->brokenDependency()) {
        fail(spec,
             QStringLiteral("needs %1, which failed: %2").arg(broken->id(), broken->reason()));
        return;
    }
    const PluginLibrary library = loadPluginLibrary(spec->path());
    spec->m_wasLoaded = library.isInProcess;
    if (!library.plugin) {
        fail(spec, library.error);
        return;
    }
    spec->m_plugin = library.plugin;
    spec->setState(PluginState::Loaded);
}

void PluginManager::configure(Configuration &configuration)
{
    for (PluginSpec *spec : m_order) {
        if (spec->m_plugin)
            configureOne(spec, configuration);
    }
    for (const auto &spec : m_specs) {
        if (spec->m_plugin)
            continue;
        for (const QString &section : spec->metaData().configurationSections)
            configuration.ignoreSection(section);
    }
}

void PluginManager::configureOne(PluginSpec *spec, Configuration &configuration)
{
    const QString thrown = contained([&] { spec->m_plugin->configure(configuration); });
    if (!thrown.isEmpty())
        fail(spec, QStringLiteral("configure() ") + thrown);
}

void PluginManager::start(PluginContext &context)
{
    m_context = &context;
    start(m_order);
}

void PluginManager::start(const Specs &specs)
{
    for (PluginSpec *spec : specs) {
        if (spec->state() == PluginState::Loaded)
            initializeOne(spec);
    }
    for (auto it = specs.rbegin(); it != specs.rend(); ++it) {
        PluginSpec *spec = *it;
        if (spec->state() == PluginState::Initialized)
            connectOne(spec);
    }
    for (PluginSpec *spec : specs) {
        if (spec->state() != PluginState::Running)
            continue;
        qCInfo(log).noquote() << QStringLiteral("plugin %1 %2 runs")
                                     .arg(spec->id(), spec->metaData().version.toString());
        Q_EMIT pluginStarted(spec->id());
    }
}

void PluginManager::initializeOne(PluginSpec *spec)
{
    if (const PluginSpec *broken = spec->brokenDependency()) {
        fail(spec,
             QStringLiteral("needs %1, which failed: %2").arg(broken->id(), broken->reason()));
        return;
    }
    const QStringList before = m_context->services().names();
    QString reason;
    const QString thrown = contained([&] {
        if (const Result<void> result = spec->m_plugin->initialize(*m_context); !result)
            reason = result.error().logText;
        else
            return;
        if (reason.isEmpty())
            reason = QStringLiteral("initialize() failed without saying why");
    });
    if (!thrown.isEmpty())
        reason = QStringLiteral("initialize() ") + thrown;

    const QStringList after = m_context->services().names();
    for (const QString &name : spec->metaData().provides) {
        if (reason.isEmpty() && !after.contains(name))
            reason =
                QStringLiteral("did not publish %1, which it provides by its metadata").arg(name);
    }
    spec->m_published.clear();
    for (const QString &name : after) {
        if (!before.contains(name))
            spec->m_published.append(name);
    }
    if (reason.isEmpty())
        spec->setState(PluginState::Initialized);
    else
        fail(spec, reason);
}

void PluginManager::connectOne(PluginSpec *spec)
{
    const QString thrown = contained([&] { spec->m_plugin->extensionsInitialized(); });
    if (thrown.isEmpty())
        spec->setState(PluginState::Running);
    else
        fail(spec, QStringLiteral("extensionsInitialized() ") + thrown);
}

void PluginManager::failDependants(PluginSpec *failed)
{
    for (auto it = m_order.rbegin(); it != m_order.rend(); ++it) {
        PluginSpec *spec = *it;
        if (spec->isActive() && spec->brokenDependency() == failed)
            fail(spec,
                 QStringLiteral("needs %1, which failed: %2").arg(failed->id(), failed->reason()));
    }
}

void PluginManager::applyConfiguration()
{
    for (PluginSpec *spec : m_order) {
        if (spec->state() != PluginState::Running)
            continue;
        const QString thrown = contained([&] { spec->m_plugin->applyConfiguration(); });
        if (!thrown.isEmpty())
            qCWarning(log).noquote()
                << QStringLiteral("plugin %1: applyConfiguration() %2").arg(spec->id(), thrown);
    }
}

void PluginManager::addLive(const QString &path, PluginOrigin origin, Configuration &configuration)
{
    Q_ASSERT(m_context);
    if (!addFile(path, origin)) {
        qCWarning(log).noquote()
            << QStringLiteral("%1 has changed, but its code is in the process: restart the "
                              "host to use the new one")
                   .arg(path);
        return;
    }
    // What could not be resolved before may have waited for this one.
    for (const auto &spec : m_specs) {
        if (spec->state() == PluginState::Failed && spec->hasMetaData() && !spec->m_wasLoaded)
            spec->setState(PluginState::Found);
    }
    QStringList problems;
    const Specs added = resolveFound(problems);
    load(added);
    for (PluginSpec *spec : added) {
        if (!spec->m_plugin)
            continue;
        const qsizetype errorsBefore = configuration.errors().size();
        configureOne(spec, configuration);
        configuration.finish(spec->metaData().configurationSections);
        const QStringList errors = configuration.errors().mid(errorsBefore);
        if (!errors.isEmpty())
            fail(spec, QStringLiteral("wrong settings: %1").arg(errors.join(QStringLiteral("; "))));
    }
    m_order.insert(m_order.end(), added.begin(), added.end());
    start(added);
}

void PluginManager::stop(Clock &clock, std::chrono::milliseconds deadline)
{
    auto *shutdown = new PluginShutdown(m_order, clock, this);
    connect(shutdown, &PluginShutdown::finished, this,
            [this, shutdown](const QStringList &unfinished) {
                shutdown->deleteLater();
                Q_EMIT stopped(unfinished);
            });
    shutdown->start(deadline);
}

std::vector<const PluginSpec *> PluginManager::specs() const
{
    std::vector<const PluginSpec *> specs;
    for (const auto &spec : m_specs)
        specs.push_back(spec.get());
    return specs;
}

void PluginManager::fail(PluginSpec *spec, const QString &reason)
{
    spec->setState(PluginState::Failed, reason);
    qCWarning(log).noquote()
        << QStringLiteral("plugin %1 (%2) failed: %3").arg(spec->id(), spec->path(), reason);
    failDependants(spec); // before their services go
    for (const QString &name : std::as_const(spec->m_published))
        m_context->services().withdraw(name);
    spec->m_published.clear();
    // Half of a plugin must not go on answering signals and routes. But what can do without it may
    // hold a pointer.
    const auto uses = [spec](const PluginSpec *other) {
        return other->isActive() && std::ranges::count(other->m_dependencies, spec) > 0;
    };
    if (std::ranges::none_of(m_order, uses))
        delete spec->m_plugin.data();
    Q_EMIT pluginFailed(spec->id(), reason);
}

} // namespace Rollcall
