using System.Globalization;

namespace Settlement.Fill;

/// <summary>
/// How many entries which person gets in which year, worked out from four numbers alone, so that any worker can ask for any person.
/// Activity follows a Zipf-Mandelbrot law: a few persons on dialysis come twice a week, most come a few times a year.
/// </summary>
internal sealed class FillPlan
{
    private const double Exponent = 0.7;

    // A stride that shares no factor with any number of persons below it: activity then says nothing about a person's number.
    private const ulong Stride = 2_654_435_761;
    private readonly double shift;
    private readonly double least;
    private readonly double all;

    /// <summary>Makes a plan.</summary>
    /// <param name="persons">Insured persons.</param>
    /// <param name="entries">Entries of the whole ledger; each person has one with facts in each year, the others are settlements.</param>
    /// <param name="years">Benefit years.</param>
    /// <param name="seed">Same seed, same ledger.</param>
    /// <exception cref="ArgumentException">The numbers do not fit together.</exception>
    public FillPlan(long persons, long entries, int years, int seed)
    {
        if (persons is < 1 or > 100_000_000) throw new ArgumentException($"--persons is {persons}: expected 1 to 100,000,000.");
        if (years is < 1 or > 10) throw new ArgumentException($"--years is {years}: expected 1 to 10.");
        if (entries < persons * years)
            throw new ArgumentException(
                $"--entries is {entries}: {persons} persons over {years} years have {persons * years} entries with facts alone.");
        Persons = (int)persons;
        Years = years;
        Seed = seed;
        Entries = entries;
        shift = 1 + Persons / 1000.0;
        least = Math.Pow(shift, 1 - Exponent);
        all = Math.Pow(Persons + shift, 1 - Exponent) - least;
    }

    public int Persons { get; }

    public int Years { get; }

    public int Seed { get; }

    public long Entries { get; }

    /// <summary>Entries that are settlements.</summary>
    public long Settlements => Entries - (long)Persons * Years;

    /// <summary>The number of the person at a rank of activity, 0 the most active.</summary>
    public int PersonAt(int rank) => (int)(((ulong)rank * Stride + (ulong)Seed) % (ulong)Persons);

    /// <summary>The person id of a number. Twenty digits: no one's, and not the form of a citizen id.</summary>
    public static string PersonId(int number) => string.Create(CultureInfo.InvariantCulture, $"2101009{number:D13}");

    /// <summary>Settlements of the person at a rank, all years together. Over all ranks they add up to <see cref="Settlements"/>.</summary>
    public int SettlementsOf(int rank) => (int)(Upto(rank + 1) - Upto(rank));

    /// <summary>
    /// Those of one year, counted from 0. Over the years they add up; which year gets one more differs from person to person.
    /// </summary>
    public int SettlementsOf(int rank, int year)
    {
        long number = SettlementsOf(rank);
        int lead = rank % Years;
        return (int)((number * (year + 1) + lead) / Years - (number * year + lead) / Years);
    }

    private long Upto(int rank) => rank >= Persons
        ? Settlements
        : (long)(Settlements * ((Math.Pow(rank + shift, 1 - Exponent) - least) / all));
}
