using System.Collections.Concurrent;
using Xunit.Abstractions;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests.Mutation;

/// <summary>
/// No figure of the Shenyang pack is there unnoticed: changing any one value makes a worked case or a rule test fail. When this test fails, it names the values
/// that nothing checks.
/// </summary>
public class MutationTests(ITestOutputHelper output)
{
    private static readonly RuleBook Book = new(Shenyang);

    [Fact]
    public void Every_rule_holds_under_the_pack_as_it_is()
    {
        Assert.True(Book.Rules > 300);
        Assert.Null(Book.FirstFailure(Repository.Adjudicator));
    }

    [Fact]
    public void Each_value_changed_alone_is_noticed()
    {
        var mutants = PackMutants.Of(Repository.Catalogue.Find(Shenyang)!).ToList();
        var unnoticed = new ConcurrentBag<string>();
        var refusedAtLoad = new ConcurrentBag<string>();
        Parallel.ForEach(mutants, mutant =>
        {
            if (mutant.Build() is not { } changed)
                refusedAtLoad.Add(mutant.Name);
            else if (Book.FirstFailure(changed) is null)
                unnoticed.Add(mutant.Name);
        });

        output.WriteLine($"{mutants.Count} changed packs");
        Assert.True(mutants.Count > 400);
        Assert.Empty(refusedAtLoad);
        Assert.True(unnoticed.IsEmpty, $"changed alone, nothing notices:\n{string.Join('\n', unnoticed.Order(StringComparer.Ordinal))}");
    }
}
