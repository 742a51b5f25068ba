using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Settlement.WebConsole.Metrics;
using Settlement.WebConsole.Nodes;
using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>How the process is doing, for the agency: the page, and the part of it that is fetched again every two seconds.</summary>
internal sealed class OperationsPages(LiveMetrics metrics, INodeBoard board, TimeProvider time) : IPages
{
    /// <inheritdoc/>
    public void Map(Routes routes)
    {
        routes.Get("/operations", async request => Answers.Page<OperationsView>(request, await ModelAsync(request)));
        routes.Get("/operations/live", async request => Answers.Page<OperationsLive>(request, await ModelAsync(request)));
    }

    private async Task<OperationsModel> ModelAsync(ConsoleRequest request)
    {
        request.Caller.RequireAgency("look at operations");
        NodeList nodes = await board.ReadAsync(request.Http.RequestAborted);
        using Process process = Process.GetCurrentProcess();
        return new OperationsModel(metrics.Read(), nodes, new ProcessFacts
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
/// <param name="Live">What the process that answers measured.</param>
/// <param name="Nodes">All nodes that share the ledger.</param>
/// <param name="Process">The process that answers.</param>
public sealed record OperationsModel(LiveSnapshot Live, NodeList Nodes, ProcessFacts Process);

/// <summary>The process that answered.</summary>
public sealed record ProcessFacts
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
