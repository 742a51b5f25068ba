using Settlement.Fuzz.Inputs;
using Xunit.Abstractions;

namespace Settlement.Fuzz.Tests;

/// <summary>A few thousand changed inputs of a fixed seed: each ends with an answer or a named refusal, and the server goes on.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Seed = 1;

    [Fact]
    public async Task Nothing_is_found_among_the_inputs_of_a_fixed_seed()
    {
        StringWriter said = new();
        IReadOnlyList<string> findings = await Campaign.RunAsync(
            new FuzzOptions { Inputs = 6_000, Seed = Seed }, Path.Combine(AppContext.BaseDirectory, "Settlement.Silo.dll"),
                AppContext.BaseDirectory, said);
        output.WriteLine($"seed {Seed}\n{said}");
        Assert.Empty(findings);
    }

    [Fact]
    public void An_input_follows_from_seed_target_and_number()
    {
        byte[] valid = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        byte[] Input(int seed, string target, long number) => ByteMutator.Change(valid, new Chance(seed, target, number));
        Assert.Equal(Input(1, "grpc", 7), Input(1, "grpc", 7));
        Assert.NotEqual(Input(1, "grpc", 7), Input(1, "grpc", 8));
        Assert.NotEqual(Input(1, "grpc", 7), Input(2, "grpc", 7));
        Assert.NotEqual(Input(1, "grpc", 7), Input(1, "json", 7));
    }

    [Fact]
    public void Arguments_that_make_no_sense_are_named()
    {
        Assert.Contains("--targets does not know 'x'", Assert.Throws<ArgumentException>(() => FuzzOptions.Parse(["--targets", "x"]))
            .Message);
        Assert.Contains("--only needs one target", Assert.Throws<ArgumentException>(() => FuzzOptions.Parse(["--only", "5"])).Message);
        Assert.Contains("'many'", Assert.Throws<ArgumentException>(() => FuzzOptions.Parse(["--inputs", "many"])).Message);
    }
}
