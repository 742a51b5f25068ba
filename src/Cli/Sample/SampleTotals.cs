using Settlement.Cli.Statements;
using Settlement.Cli.Text;
using Settlement.Contract;

namespace Settlement.Cli.Sample;

/// <summary>What a sample's answers add up to, per hospital and per fund. Safe for concurrent use.</summary>
internal sealed class SampleTotals
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Sums> hospitals = new(StringComparer.Ordinal);
    private readonly List<TimeSpan> waits = [];
    private int repeated;

    /// <summary>Answers and refusals so far.</summary>
    public int Answered
    {
        get
        {
            lock (gate) return waits.Count + Refused.Count;
        }
    }

    /// <summary>Refusals, each with its request id.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>The settlement that shows most: the greatest number of payers, then the greatest total.</summary>
    public SettlementResult? Telling { get; private set; }

    /// <summary>Counts an answer.</summary>
    /// <exception cref="CliException">Its payments do not add up to the total.</exception>
    public void Add(Facility hospital, SettlementResult result, TimeSpan wait, bool isRepeated)
    {
        Sums one = Sums.Of(result);
        if (one.Total != one.Paid)
            throw new CliException(ExitCode.Refused, $"settlement {result.SettlementId}: payments do not add up to the total");
        lock (gate)
        {
            string name = $"{hospital.Code} {Words.Named(Words.Of("en").Levels, hospital.Level)}";
            hospitals[name] = hospitals.GetValueOrDefault(name) + one;
            waits.Add(wait);
            if (isRepeated) repeated++;
            if (Telling is null || Rank(result).CompareTo(Rank(Telling)) > 0) Telling = result;
        }
    }

    /// <summary>Counts a refusal.</summary>
    public void AddRefusal(string text)
    {
        lock (gate) Refused.Add(text);
    }

    /// <summary>Writes the totals; money in yuan.</summary>
    public void Write(TextWriter output, TimeSpan elapsed)
    {
        Table table = new("hospital", ">settled", ">total", ">pooled fund", ">serious illness", ">assistance", ">persons");
        Sums all = default;
        foreach ((string hospital, Sums sums) in hospitals)
        {
            Row(hospital, sums);
            all += sums;
        }

        table.Rule();
        Row("all", all);
        table.Write(output);
        waits.Sort();
        output.WriteLine();
        output.WriteLine(
            $"{Show.Count(waits.Count)} discharges answered in {elapsed.TotalSeconds:0.00} s: {waits.Count / elapsed.TotalSeconds:#,0} a second; "
            + $"wait of one: median {Wait(50):0.0} ms, 99 of 100 within {Wait(99):0.0} ms.");
        output.WriteLine(
            $"{Show.Count(waits.Count - repeated)} newly settled, {Show.Count(repeated)} repeated (the first answer came back), {Refused.Count} refused.");

        void Row(string name, Sums sums) => table.Row(name, Show.Count(sums.Count), Show.Yuan(sums.Total), Show.Yuan(sums.Pooled),
            Show.Yuan(sums.SeriousIllness), Show.Yuan(sums.Assistance), Show.Yuan(sums.Person));
    }

    private double Wait(int percent) => waits.Count == 0 ? 0 : waits[(waits.Count - 1) * percent / 100].TotalMilliseconds;

    private static (int Payers, long Total, string Id) Rank(SettlementResult result)
    {
        long[] payments = [
            result.Pooled, result.SeriousIllness, result.AssistanceBasic, result.AssistanceTilt, result.AssistanceOther, result.PersonPays];
        return (payments.Count(fen => fen > 0), result.Totals?.Total ?? 0, result.SettlementId);
    }

    private readonly record struct Sums(int Count, long Total, long Pooled, long SeriousIllness, long Assistance, long Person)
    {
        public long Paid => Pooled + SeriousIllness + Assistance + Person;

        public static Sums Of(SettlementResult result) => new(
            1,
            result.Totals?.Total ?? 0,
            result.Pooled,
            result.SeriousIllness,
            result.AssistanceBasic + result.AssistanceTilt + result.AssistanceOutpatient + result.AssistanceOther,
            result.PersonPays);

        public static Sums operator +(Sums left, Sums right) => new(
            left.Count + right.Count,
            checked(left.Total + right.Total),
            checked(left.Pooled + right.Pooled),
            checked(left.SeriousIllness + right.SeriousIllness),
            checked(left.Assistance + right.Assistance),
            checked(left.Person + right.Person));
    }
}
