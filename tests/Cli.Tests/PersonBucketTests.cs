using Settlement.Cli.Tests.Support;
using Settlement.Contract;
using Settlement.Persons;

namespace Settlement.Cli.Tests;

/// <summary>What a call tells a proxy of its person: a bucket of many persons, and nothing else.</summary>
public sealed class PersonBucketTests
{
    private const string Person = "210100198506151238";

    // printf %s 210100198506151238 | sha256sum | cut -c1-3
    [Fact]
    public void A_bucket_is_what_the_documented_command_prints() => Assert.Equal("224", PersonBucket.Of(Person));

    [Fact]
    public void Persons_are_spread_evenly_over_the_buckets()
    {
        const int each = 50;
        Dictionary<string, int> buckets = Enumerable.Range(0, 4_096 * each)
            .GroupBy(number => PersonBucket.Of($"21010019850615{number:0000}"))
            .ToDictionary(bucket => bucket.Key, bucket => bucket.Count());
        Assert.Equal(4_096, buckets.Count);
        Assert.InRange(buckets.Values.Min(), each / 3, each);
        Assert.InRange(buckets.Values.Max(), each, each * 2);
    }

    [Fact]
    public async Task A_call_that_names_a_person_carries_the_bucket_and_not_the_person()
    {
        await using FakeServer server = await FakeServer.StartAsync();
        server.Answers.GetAccount = _ => new GetAccountResponse { Person = Person };
        server.Answers.GetSettlement = _ => throw FakeAnswers.Refusal(Grpc.Core.StatusCode.NotFound, "NOT_FOUND", "none");
        using TestHost host = new();
        await host.RunAsync("account", Person, "--server", server.Address);
        await host.RunAsync("statement", "S1", "--server", server.Address);

        Assert.Equal(PersonBucket.Of(Person), Assert.Single(server.Answers.Headers[0], header => header.Key == "settlement-bucket").Value);
        Assert.DoesNotContain(server.Answers.Headers[1], header => header.Key == "settlement-bucket");
        Assert.DoesNotContain(server.Answers.Headers.SelectMany(headers => headers), header => header.Value.Contains(Person));
    }
}
