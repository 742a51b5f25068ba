using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Settlement.Gateway.Front;
using Settlement.Gateway.Overload;

namespace Settlement.Cluster.Tests.Security;

/// <summary>What a caller is sent for whom there is no room: complete, and encoded once.</summary>
public sealed class BusyStatusesTests
{
    private const int HeaderTable = 4096; // bytes that HTTP/2 remembers of the headers of a connection, where neither side says otherwise
    private const int EntryBytes = 32; // what an entry of it counts beside name and value

    [Theory]
    [InlineData(200, 200)]
    [InlineData(201, 225)]
    [InlineData(1575, 1575)]
    [InlineData(1600, 1600)]
    [InlineData(60_001, 60_025)]
    public void The_headers_say_the_delay_rounded_up_and_the_reason_in_two_languages(int delay, int told)
    {
        foreach ((BusyStatuses statuses, string reason) in new[] { (BusyStatuses.Full, "BUSY"), (BusyStatuses.TooFast, "RATE_EXCEEDED") })
        {
            IHeaderDictionary headers = Headers(statuses.After(TimeSpan.FromMilliseconds(delay)));
            Assert.Equal(((int)StatusCode.ResourceExhausted).ToString(), headers.GrpcStatus);
            string details = headers[EncodedStatus.DetailsName].ToString();
            Google.Rpc.Status status = Google.Rpc.Status.Parser.ParseFrom(
                Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
            Assert.Equal((int)StatusCode.ResourceExhausted, status.Code);
            Assert.Equal(headers.GrpcMessage, status.Message);
            Assert.Equal(reason, status.GetDetail<ErrorInfo>()!.Reason);
            Assert.Equal("zh-CN", status.GetDetail<LocalizedMessage>()!.Locale);
            Assert.Equal(TimeSpan.FromMilliseconds(told), status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan());
        }
    }

    [Fact]
    public void A_refusal_that_was_sent_before_is_not_encoded_again_and_allocates_nothing()
    {
        for (int i = 0; i < BusyRefusal.Spread; i++) BusyStatuses.Full.After(BusyRefusal.Delay());
        HashSet<EncodedStatus> seen = [];
        for (int i = 0; i < 100; i++) seen.Add(BusyStatuses.Full.After(BusyRefusal.Delay()));
        Assert.Equal(BusyRefusal.Spread, seen.Count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) BusyStatuses.Full.After(BusyRefusal.Delay());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Header compression sends a number for what it remembers. One status too many, and it would remember none in time.</summary>
    [Fact]
    public void All_of_them_fit_into_what_a_connection_remembers_beside_what_other_answers_need()
    {
        const int OtherAnswers = 512;
        HashSet<(string, string)> fields = [];
        for (int i = 0; i < BusyRefusal.Spread; i++)
            foreach ((string name, StringValues value) in Headers(BusyStatuses.Full.After(BusyRefusal.Delay())))
                fields.Add((name, value.ToString()));
        Assert.InRange(fields.Sum(field => field.Item1.Length + field.Item2.Length + EntryBytes), 1, HeaderTable - OtherAnswers);
    }

    private static HeaderDictionary Headers(EncodedStatus status)
    {
        HeaderDictionary headers = [];
        status.Write(headers);
        return headers;
    }
}
