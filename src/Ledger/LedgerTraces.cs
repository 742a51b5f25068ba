using System.Diagnostics;
using Settlement.Ledger.Writing;

namespace Settlement.Ledger;

/// <summary>The ledger's spans, all of them. They tell counts and outcomes, never whose entries they are about.</summary>
internal static class LedgerTraces
{
    private static readonly ActivitySource Source = new("Settlement.Ledger");

    /// <summary>The trace that an append belongs to; none where nobody listens or this one is not recorded.</summary>
    public static ActivityContext Current =>
        Source.HasListeners() && Activity.Current is { Recorded: true } current ? current.Context : default;

    /// <summary>
    /// Begins the span of one batch: part of the trace of its first recorded append, linked to those of the others. Null when none is
    /// recorded.
    /// </summary>
    public static Activity? StartBatch(int writer, LedgerBatch batch)
    {
        if (!Source.HasListeners()) return null;
        List<ActivityLink>? links = null;
        ActivityContext first = default;
        for (int i = 0; i < batch.Count; i++)
        {
            ActivityContext trace = batch.TraceOf(i);
            if (trace == default) continue;
            if (first == default) first = trace;
            else (links ??= []).Add(new ActivityLink(trace));
        }

        if (first == default) return null;
        Activity? span = Source.StartActivity("ledger batch", ActivityKind.Internal, first, links: links);
        span?.SetTag("settlement.ledger.writer", writer).SetTag("settlement.ledger.entries", batch.UndecidedCount);
        return span;
    }
}
