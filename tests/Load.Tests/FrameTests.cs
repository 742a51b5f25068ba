using Settlement.Http2;
using Settlement.Http2.Frames;

namespace Settlement.Load.Tests;

/// <summary>Frames and the messages in them.</summary>
public sealed class FrameTests
{
    [Fact]
    public void A_frame_header_is_read_as_it_was_written()
    {
        byte[] bytes = new byte[Frame.HeaderLength];
        Frame frame = new(0x123456, FrameType.Data, FrameFlags.EndStream, 0x7654321);
        frame.Write(bytes);
        Assert.Equal("123456000107654321", Convert.ToHexStringLower(bytes));
        Assert.Equal(frame, Frame.Read(bytes));
    }

    [Fact]
    public void The_reserved_bit_of_a_stream_is_overlooked() =>
        Assert.Equal(1, Frame.Read([0, 0, 0, 0, 0, 0x80, 0, 0, 1]).Stream);

    [Fact]
    public void Padding_and_priority_are_no_content()
    {
        Frame padded = new(6, FrameType.Data, FrameFlags.Padded, 1);
        Assert.Equal([7, 8], padded.Content([3, 7, 8, 0, 0, 0]).ToArray());
        Frame both = new(10, FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority, 1);
        Assert.Equal([9, 9], both.Content([2, 1, 1, 1, 1, 1, 9, 9, 0, 0]).ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("02ff")]
    public void Padding_longer_than_the_frame_is_refused(string payload) =>
        Assert.Throws<Http2Exception>(() => new Frame(payload.Length / 2, FrameType.Data, FrameFlags.Padded, 1)
            .Content(Convert.FromHexString(payload)).Length);

    /// <summary>Three messages of 0, 3 and 300 bytes, cut at every place.</summary>
    [Fact]
    public void Messages_are_put_together_however_they_are_cut()
    {
        byte[] large = [.. Enumerable.Range(0, 300).Select(i => (byte)i)];
        byte[] body = [0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 1, 44, .. large];
        for (int first = 0; first <= body.Length; first++)
        {
            for (int second = first; second <= body.Length; second += 7)
            {
                MessageReader reader = new();
                List<byte[]> messages = [];
                foreach (byte[] part in (byte[][])[body[..first], body[first..second], body[second..]])
                {
                    ReadOnlySpan<byte> data = part;
                    while (!data.IsEmpty)
                    {
                        if (reader.TryTake(ref data, out ReadOnlySpan<byte> message)) messages.Add(message.ToArray());
                    }
                }

                Assert.False(reader.IsInside);
                Assert.Equal([[], [1, 2, 3], large], messages);
            }
        }
    }

    [Fact]
    public void A_compressed_message_is_refused() => Assert.Throws<Http2Exception>(() =>
    {
        ReadOnlySpan<byte> data = [1, 0, 0, 0, 0];
        new MessageReader().TryTake(ref data, out _);
    });
}
