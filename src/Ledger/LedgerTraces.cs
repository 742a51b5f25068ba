using System.Diagnostics;
using Settlement.Ledger.Postgres;

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
        Activity? span = Start("ledger batch", Enumerable.Range(0, batch.Count).Select(batch.TraceOf));
        span?.SetTag("settlement.ledger.writer", writer).SetTag("settlement.ledger.entries", batch.UndecidedCount);
        return span;
    }

    /// <summary>Begins the span of one statement that reads several persons, in the same way.</summary>
    public static Activity? StartRead(List<NewestReader.Asked> together)
    {
        if (!Source.HasListeners()) return null;
        return Start("ledger read", together.Select(static asked => asked.Trace))?.SetTag("settlement.ledger.persons", together.Count);
    }

    private static Activity? Start(string name, IEnumerable<ActivityContext> traces)
    {
        List<ActivityLink>? links = null;
        ActivityContext first = default;
        foreach (ActivityContext trace in traces)
        {
            if (trace == default) continue;
            if (first == default) first = trace;
            else (links ??= []).Add(new ActivityLink(trace));
        }

        return first == default ? null : Source.StartActivity(name, ActivityKind.Internal, first, links: links);
    }
}
