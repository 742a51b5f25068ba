using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Settlement.WebConsole.Metrics;
using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>How the process is doing, for the agency: the page, and the part of it that is fetched again every two seconds.</summary>
internal sealed class OperationsPages(LiveMetrics metrics, TimeProvider time) : IPages
{
    /// <inheritdoc/>
    public void Map(Routes routes)
    {
        routes.Get("/operations", request => Task.FromResult(Answers.Page<OperationsView>(request, Model(request))));
        routes.Get("/operations/live", request => Task.FromResult(Answers.Page<OperationsLive>(request, Model(request))));
    }

    private OperationsModel Model(ConsoleRequest request)
    {
        request.Caller.RequireAgency("look at operations");
        using Process process = Process.GetCurrentProcess();
        return new OperationsModel(metrics.Read(), new NodeFacts
        {
            Machine = Environment.MachineName,
            ProcessId = Environment.ProcessId,
            Version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? "",
            Uptime = time.GetUtcNow() - process.StartTime.ToUniversalTime(),
            WorkingSet = process.WorkingSet64,
            Heap = GC.GetTotalMemory(false),
            PauseShare = GC.GetGCMemoryInfo().PauseTimePercentage,
            Threads = ThreadPool.ThreadCount,
            Waiting = ThreadPool.PendingWorkItemCount,
            Processors = Environment.ProcessorCount,
        });
    }
}

/// <summary>What the operations page shows.</summary>
public sealed record OperationsModel(LiveSnapshot Live, NodeFacts Node);

/// <summary>The process that answered.</summary>
public sealed record NodeFacts
{
    /// <summary>Name of the machine.</summary>
    public required string Machine { get; init; }

    /// <summary>Number of the process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>How long it has been running.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Memory of the process, in bytes.</summary>
    public required long WorkingSet { get; init; }

    /// <summary>Managed memory in use, in bytes.</summary>
    public required long Heap { get; init; }

    /// <summary>Share of its time spent in collections, in per cent.</summary>
    public required double PauseShare { get; init; }

    /// <summary>Threads of the pool.</summary>
    public required int Threads { get; init; }

    /// <summary>Work waiting for a thread.</summary>
    public required long Waiting { get; init; }

    /// <summary>Processors it may use.</summary>
    public required int Processors { get; init; }
}
