using System.Globalization;
using Settlement.Contract;
using Settlement.Fill;

namespace Settlement.StateBench;

/// <summary>Inpatient stays for filled persons, each new: the run's name keeps request and visit apart from those of other runs.</summary>
internal sealed class Stays(string run, int seed)
{
    private const string Region = "210100";
    private long count;

    /// <summary>How many were given out.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>The next stay of a person.</summary>
    public SettleRequest Next(int person)
    {
        long number = Interlocked.Increment(ref count);
        Draws draws = new(seed, stream: 100, number);
        long inScope = draws.Between(1_000, 20_000) * 100L;
        return new SettleRequest
        {
            RequestId = string.Create(CultureInfo.InvariantCulture, $"{run}-{number}"),
            Person = FillPlan.PersonId(person),
            VisitId = string.Create(CultureInfo.InvariantCulture, $"{run}-{number}"),
            ChargeBatch = "1",
            Claim = new Claim
            {
                Region = Region,
                Scheme = Scheme.Types.Kind.Resident,
                VisitType = Visit.Types.Type.Inpatient,
                Facility = new Facility
                {
                    Code = string.Create(CultureInfo.InvariantCulture, $"H21010{draws.Below(100):D4}"),
                    Level = draws.Percent(50) ? Facility.Types.Level._2 : Facility.Types.Level._3,
                    Kind = Facility.Types.Kind.General,
                    Division = Region,
                    Designated = true,
                    AssistanceDesignated = true,
                },
                AdmissionDate = "2026-03-01",
                DischargeDate = "2026-03-10",
                Totals = new Totals { Total = inScope + 50_000, SelfFunded = 50_000, InScope = inScope },
            },
        };
    }
}
