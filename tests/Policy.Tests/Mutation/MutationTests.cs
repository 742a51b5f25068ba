using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace Settlement.Policy.Tests.Mutation;

/// <summary>
/// No figure of a pack or of the provincial floors is there unnoticed: changing any one value makes a worked case or a rule test of its
/// subject fail. When this test fails, it names the values that nothing checks.
/// </summary>
public class MutationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("shenyang", 300)]
    [InlineData("benxi", 70)]
    [InlineData("panjin", 30)]
    public void Every_rule_holds_under_the_pack_as_it_is(string city, int rules)
    {
        var book = new RuleBook(city, PackOf(city).Region);

        Assert.True(book.Rules > rules);
        Assert.Null(book.FirstFailure(Repository.Adjudicator));
        Assert.Null(book.FirstFailure(PackMutants.Unchanged(Repository.Catalogue, PackOf(city))));
    }

    [Theory]
    [InlineData("shenyang", 400)]
    [InlineData("benxi", 150)]
    [InlineData("panjin", 50)]
    public void Each_value_changed_alone_is_noticed(string city, int values)
    {
        var pack = PackOf(city);
        var book = new RuleBook(city, pack.Region);
        var mutants = PackMutants.Of(Repository.Catalogue, pack).ToList();
        var unnoticed = new ConcurrentBag<string>();
        var refusedAtLoad = new ConcurrentBag<string>();
        Parallel.ForEach(mutants, mutant =>
        {
            if (mutant.Build() is not { } changed)
                refusedAtLoad.Add(mutant.Name);
            else if (book.FirstFailure(changed) is null)
                unnoticed.Add(mutant.Name);
        });

        output.WriteLine($"{mutants.Count} changed packs");
        Assert.True(mutants.Count > values);
        Assert.Empty(refusedAtLoad);
        Assert.True(unnoticed.IsEmpty, $"changed alone, nothing notices:\n{string.Join('\n', unnoticed.Order(StringComparer.Ordinal))}");
    }

    [Fact]
    public void Each_figure_of_the_provincial_floors_changed_alone_is_noticed()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Policies, ProvincialFloors.Folder, "liaoning.yaml"));
        var book = new RuleBook("floor", region: 0);
        string? Failing(ProvincialFloors floors)
        {
            using var use = Repository.Use(floors);
            return book.FailingRule();
        }

        Assert.Null(Failing(FloorMutants.Read(text)));
        var mutants = FloorMutants.Of(text).ToList();
        output.WriteLine($"{mutants.Count} changed files");
        Assert.True(mutants.Count > 25);
        Assert.Empty(mutants.Where(m => Failing(m.Floors) is null).Select(m => m.Name));
    }

    private static Pack PackOf(string city) => Repository.Catalogue.Packs.Single(p => p.Name == city);
}
