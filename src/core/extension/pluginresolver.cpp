// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/extension/pluginresolver.h"

#include <algorithm>
#include <set>

namespace Rollcall {

namespace {

bool isCandidate(const PluginSpec &spec)
{
    return spec.state() == PluginState::Found || spec.isActive();
}

QString pathsOf(const std::vector<PluginSpec *> &specs)
{
    QStringList paths;
    for (const PluginSpec *spec : specs)
        paths.append(spec->path());
    return paths.join(QStringLiteral(" and "));
}

} // namespace

PluginResolver::PluginResolver(std::vector<PluginSpec *> specs, const PluginOptions &options)
    : m_specs(std::move(specs))
    , m_options(options)
{
    std::ranges::stable_sort(m_specs, {}, &PluginSpec::id);
}

void PluginResolver::resolve()
{
    disable();
    chooseById();
    chooseProviders();
    for (PluginSpec *spec : m_specs) {
        if (spec->state() == PluginState::Found)
            visit(spec);
    }
}

void PluginResolver::disable()
{
    for (const QString &id : m_options.disabled) {
        bool isKnown = false;
        for (PluginSpec *spec : m_specs) {
            if (!spec->hasMetaData() || spec->id() != id)
                continue;
            isKnown = true;
            if (spec->state() == PluginState::Found)
                spec->setState(PluginState::Disabled,
                               QStringLiteral("disabled by plugins.disabled"));
        }
        if (!isKnown)
            m_notes.append(
                QStringLiteral("plugins.disabled names \"%1\", which is not there").arg(id));
    }
}

void PluginResolver::chooseById()
{
    std::set<QString> ids;
    for (const PluginSpec *spec : m_specs)
        ids.insert(spec->id());
    for (const QString &id : ids) {
        const auto same = candidates([&id](const PluginSpec &spec) { return spec.id() == id; });
        choose(same, QStringLiteral("the plugin \"%1\"").arg(id), {});
    }
}

void PluginResolver::chooseProviders()
{
    for (PluginSpec *spec : m_specs) {
        for (const QString &name : spec->metaData().provides) {
            if (spec->state() == PluginState::Found && m_options.hostServices.contains(name))
                spec->setState(
                    PluginState::Failed,
                    QStringLiteral("provides %1, which the host itself provides").arg(name));
        }
    }
    std::set<QString> names;
    for (const PluginSpec *spec : m_specs)
        names.insert(spec->metaData().provides.begin(), spec->metaData().provides.end());
    for (auto it = m_options.providers.cbegin(); it != m_options.providers.cend(); ++it)
        names.insert(it.key());

    for (const QString &name : names) {
        const auto providers = candidates(
            [&name](const PluginSpec &spec) { return spec.metaData().provides.contains(name); });
        QString chosenId = m_options.providers.value(name);
        const auto isChosen = [&](const PluginSpec *spec) { return spec->id() == chosenId; };
        if (!chosenId.isEmpty() && std::ranges::none_of(providers, isChosen)) {
            m_problems.append(QStringLiteral("plugins.provider.%1: no plugin \"%2\" provides it")
                                  .arg(name, chosenId));
            chosenId.clear();
        }
        choose(providers, name, chosenId);
    }
}

void PluginResolver::choose(const Candidates &candidates, const QString &what,
                            const QString &chosenId)
{
    if (candidates.size() < 2)
        return;
    const auto isRunning = [](const PluginSpec *spec) { return spec->isActive(); };
    const auto isChosen = [&](const PluginSpec *spec) { return spec->id() == chosenId; };
    const auto isAdded = [](const PluginSpec *spec) {
        return spec->origin() != PluginOrigin::BuiltIn;
    };

    auto winner = std::ranges::find_if(candidates, isRunning);
    QString why = QStringLiteral("runs already: restart the host to change that");
    if (winner == candidates.end() && !chosenId.isEmpty()) {
        winner = std::ranges::find_if(candidates, isChosen);
        why = QStringLiteral("is chosen by plugins.provider");
    }
    if (winner == candidates.end() && std::ranges::count_if(candidates, isAdded) == 1) {
        winner = std::ranges::find_if(candidates, isAdded);
        why = QStringLiteral("replaces the built-in one");
    }
    if (winner == candidates.end()) {
        for (PluginSpec *spec : candidates)
            spec->setState(
                PluginState::Failed,
                QStringLiteral("%1 is there more than once: %2%3")
                    .arg(what, pathsOf(candidates),
                         what.contains(QLatin1Char(' '))
                             ? QString()
                             : QStringLiteral("; plugins.provider.%1 decides").arg(what)));
        return;
    }
    const QString text =
        QStringLiteral("%1: %2 (%3) %4").arg(what, (*winner)->id(), (*winner)->path(), why);
    m_notes.append(text);
    for (PluginSpec *spec : candidates) {
        if (spec != *winner && !spec->isActive())
            spec->setState(PluginState::Superseded, text);
    }
}

void PluginResolver::visit(PluginSpec *spec)
{
    m_marks.insert(spec, Mark::Open);
    m_path.push_back(spec);
    spec->m_dependencies.clear();
    QStringList reasons;
    for (const PluginDependency &dependency : spec->metaData().dependencies) {
        const QString reason = connect(spec, dependency);
        if (!reason.isEmpty() && dependency.type == PluginDependency::Type::Required)
            reasons.append(reason);
        else if (!reason.isEmpty())
            m_notes.append(QStringLiteral("%1 does without: %2").arg(spec->id(), reason));
    }
    m_path.pop_back();
    m_marks.insert(spec, Mark::Done);
    if (spec->state() == PluginState::Failed) // found to be in a cycle meanwhile
        return;
    if (reasons.isEmpty()) {
        spec->setState(PluginState::Resolved);
        m_order.push_back(spec);
    } else {
        spec->setState(PluginState::Failed, reasons.join(QStringLiteral("; ")));
    }
}

QString PluginResolver::connect(PluginSpec *spec, const PluginDependency &dependency)
{
    const QString wanted = dependency.version.isNull()
        ? dependency.name
        : dependency.name + QLatin1Char(' ') + dependency.version.toString();
    if (m_options.hostServices.contains(dependency.name)) {
        // The host keeps what it published before: only a later need cannot be met.
        const QVersionNumber &version = m_options.hostVersion;
        return dependency.version.normalized() <= version.normalized()
            ? QString()
            : QStringLiteral("needs %1, the host has %2").arg(wanted, version.toString());
    }
    PluginSpec *provider = providerOf(dependency.name);
    if (!provider)
        return QStringLiteral("needs %1, which nobody provides").arg(wanted);
    if (!provider->metaData().satisfies(dependency.version)) {
        return QStringLiteral("needs %1, %2 has %3 (compatible down to %4)")
            .arg(wanted, provider->id(), provider->metaData().version.toString(),
                 provider->metaData().compatVersion.toString());
    }
    const Mark mark = m_marks.value(provider, Mark::Fresh);
    if (mark == Mark::Open)
        failCycle(provider);
    else if (mark == Mark::Fresh && provider->state() == PluginState::Found)
        visit(provider);
    if (provider->state() != PluginState::Resolved && !provider->isActive()) {
        return QStringLiteral("needs %1, but %2 is %3: %4")
            .arg(wanted, provider->id(), pluginStateName(provider->state()), provider->reason());
    }
    spec->m_dependencies.push_back(provider);
    return {};
}

void PluginResolver::failCycle(PluginSpec *closing)
{
    const auto begin = std::ranges::find(m_path, closing);
    QStringList names;
    for (auto it = begin; it != m_path.end(); ++it)
        names.append((*it)->id());
    names.append(closing->id());
    const QString reason =
        QStringLiteral("dependency cycle: %1").arg(names.join(QStringLiteral(" -> ")));
    for (auto it = begin; it != m_path.end(); ++it)
        (*it)->setState(PluginState::Failed, reason);
}

PluginResolver::Candidates
PluginResolver::candidates(const std::function<bool(const PluginSpec &)> &isMeant) const
{
    Candidates found;
    std::ranges::copy_if(m_specs, std::back_inserter(found), [&](const PluginSpec *spec) {
        return isCandidate(*spec) && isMeant(*spec);
    });
    return found;
}

PluginSpec *PluginResolver::providerOf(const QString &name) const
{
    PluginSpec *unusable = nullptr; // only to say why
    for (PluginSpec *spec : m_specs) {
        if (!spec->hasMetaData()
            || (spec->id() != name && !spec->metaData().provides.contains(name))) {
            continue;
        }
        if (isCandidate(*spec) || spec->state() == PluginState::Resolved)
            return spec;
        if (!unusable || unusable->state() == PluginState::Superseded)
            unusable = spec;
    }
    return unusable;
}

} // namespace Rollcall
