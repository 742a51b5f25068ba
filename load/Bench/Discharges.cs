using Settlement.Contract;

namespace Settlement.Bench;

/// <summary>Seeded persons and discharges: local level-2 and level-3 stays of adults, all charges in scope.</summary>
internal sealed class Discharges(BenchOptions options)
{
    private const string Region = "210100";
    private long count;

    /// <summary>How many were given out.</summary>
    public long Count => Interlocked.Read(ref count);

    public static RegisterRequest Register(int person)
    {
        RegisterRequest request = new() { RequestId = $"b-reg-{person}", Person = $"B{person}", BirthDate = "1980-05-20", Region = Region };
        request.Facts.Add(new Fact { Insured = new Insured { From = "2020-01-01", Category = Insured.Types.Category.Adult } });
        request.Facts.Add(new Fact { Contribution = new Contribution { Year = 2025, PaidOn = "2024-10-15" } });
        request.Facts.Add(new Fact { Contribution = new Contribution { Year = 2026, PaidOn = "2025-10-15" } });
        return request;
    }

    public SettleRequest Next()
    {
        long number = Interlocked.Increment(ref count);
        ulong random = Mix((ulong)number + ((ulong)options.Seed << 32));
        long inScope = 100_000 + (long)(random % 2_000_000);
        return new SettleRequest
        {
            RequestId = $"b-{number}",
            Person = $"B{random / 7 % (ulong)options.Persons}",
            VisitId = $"v-{number}",
            ChargeBatch = "1",
            Claim = new Claim
            {
                Region = Region,
                Scheme = Scheme.Types.Kind.Resident,
                VisitType = Visit.Types.Type.Inpatient,
                Facility = new Facility
                {
                    Code = $"H21010{random / 11 % 100:D4}",
                    Level = random % 2 == 0 ? Facility.Types.Level._2 : Facility.Types.Level._3,
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

    /// <summary>SplitMix64: every number gives the same discharge in every run, whoever asks first.</summary>
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
