using System.Diagnostics;
using System.Globalization;
using Settlement.Policy;

namespace Settlement.Bench;

/// <summary>
/// What the pure rules cost for each visit type: no server, no ledger. Rounds go through all visit types turn about, so that a noisy moment
/// falls on all alike; shown are the median of the rounds and their spread. Bytes are counted by the runtime, exactly.
/// </summary>
/// <remarks>
/// A loop of its own rather than BenchmarkDotNet: that one builds and starts a process for each measurement, minutes for a table that this
/// gives in seconds, and what it is better at (start-up, inlining, hardware counters) is not asked here. What it would do, this does: it
/// warms up until the compiler has settled, keeps every result alive, and says how far the rounds lie apart.
/// </remarks>
internal static class AdjudicationBench
{
    private const int WarmUp = 20_000;
    private const int CallsOfARound = 20_000;
    private static readonly TimeSpan CompilerSettles = TimeSpan.FromMilliseconds(500);

    /// <summary>Measures and prints the table.</summary>
    public static void Run(int rounds)
    {
        string policies = Environment.GetEnvironmentVariable("SETTLEMENT_POLICIES")
            ?? throw new InvalidOperationException(
                "SETTLEMENT_POLICIES is not set: run the benchmark with './settlement bench --adjudication'.");
        Adjudicator rules = new(PolicyCatalogue.Load(policies));
        AdjudicationSubject[] subjects = [.. new Adjudications(rules).All()];
        // Twice, with a pause: hot code is compiled anew in the background, by what the first pass has shown.
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (AdjudicationSubject subject in subjects) Measure(rules, subject, WarmUp);
            Thread.Sleep(CompilerSettles);
        }

        double[][] nanoseconds = [.. subjects.Select(_ => new double[rounds])];
        long[] bytes = new long[subjects.Length];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < subjects.Length; i++) (nanoseconds[i][round], bytes[i]) = Measure(rules, subjects[i], CallsOfARound);
        }

        Print(subjects, nanoseconds, bytes, rounds);
    }

    private static (double Nanoseconds, long Bytes) Measure(Adjudicator rules, AdjudicationSubject subject, int calls)
    {
        long sequence = subject.Account.LastSequence + 1;
        Decision? last = null;
        long bytesBefore = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) last = rules.Settle(subject.Account, subject.Claim, sequence);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - bytesBefore;
        if (last is not Adjudication) throw new InvalidOperationException($"'{subject.Name}' was refused.");
        return (elapsed.TotalNanoseconds / calls, allocated / calls);
    }

    private static void Print(AdjudicationSubject[] subjects, double[][] nanoseconds, long[] bytes, int rounds)
    {
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture, $"{rounds} rounds of {CallsOfARound} calls, one thread, .NET {Environment.Version}"));
        Console.WriteLine();
        Console.WriteLine($"{"visit",-42}{"median ns",12}{"min ns",12}{"max ns",12}{"bytes",10}");
        for (int i = 0; i < subjects.Length; i++)
        {
            double[] sorted = [.. nanoseconds[i].Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{subjects[i].Name,-42}{sorted[sorted.Length / 2],12:F0}{sorted[0],12:F0}{sorted[^1],12:F0}{bytes[i],10}"));
        }
    }
}
