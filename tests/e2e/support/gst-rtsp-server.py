"""An RTSP server that this project did not write: GStreamer's, with Digest authentication.

  rtsp://127.0.0.1:<port>/live       H.264 and AAC, encoded here
  rtsp://127.0.0.1:<port>/publish    takes a stream (ANNOUNCE, RECORD), for instance from ffmpeg
  rtsp://127.0.0.1:<port>/published  serves what is published, sample by sample

Prints `port <number>` when it listens, `publishing` when a stream comes in. Ends with its standard input.
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

USER, PASSWORD, ROLE = "camera", "a password for tests", "watcher"

LIVE = (
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=25/1"
    " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=50 bitrate=1000 ! video/x-h264,profile=baseline"
    " ! rtph264pay name=pay0 pt=96 config-interval=-1"
    " audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=1 ! avenc_aac ! aacparse ! rtpmp4gpay name=pay1 pt=97 )"
)
# The publisher tells its parameter sets in the SDP alone; whoever joins later needs them in the stream.
PUBLISH = (
    "( rtph264depay name=depay0 ! h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au"
    " ! appsink name=video sync=false emit-signals=true"
    " rtpmp4gdepay name=depay1 ! aacparse ! appsink name=audio sync=false emit-signals=true )"
)
PUBLISHED = (
    "( appsrc name=video is-live=true format=time ! rtph264pay name=pay0 pt=96"
    " appsrc name=audio is-live=true format=time ! rtpmp4gpay name=pay1 pt=97 )"
)


class Bridge:
    """Hands the samples of a published stream to the pipeline that serves it, with their own spacing in time."""

    def __init__(self):
        self.sources = {}
        self.shift = None
        self.keyframe_seen = False

    def publishing(self, _factory, media):
        media.connect("prepared", keep_timestamps)
        for name in ("video", "audio"):
            media.get_element().get_by_name(name).connect("new-sample", self.take, name)
        print("publishing", flush=True)

    def serving(self, _factory, media):
        self.sources = {name: media.get_element().get_by_name(name) for name in ("video", "audio")}
        self.shift, self.keyframe_seen = None, False

    def take(self, sink, name):
        sample = sink.emit("pull-sample")
        source = self.sources.get(name)
        if source is not None:
            self.hand_on(source, name, sample)
        return Gst.FlowReturn.OK

    def hand_on(self, source, name, sample):
        buffer = sample.get_buffer()
        if name == "video" and not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT):
            self.keyframe_seen = True
        clock = source.get_clock()
        if not self.keyframe_seen or clock is None:
            return
        if self.shift is None:
            self.shift = clock.get_time() - source.get_base_time() - buffer.pts
        if buffer.pts + self.shift < 0:
            return  # Sound from before the first picture.
        copy = Gst.Buffer.new_wrapped(buffer.extract_dup(0, buffer.get_size()))
        copy.pts = buffer.pts + self.shift
        copy.duration = buffer.duration
        source.emit("push-sample", Gst.Sample.new(copy, sample.get_caps(), None, None))


def keep_timestamps(media):
    """Keeps the publisher's timestamps as they are: by default they are bent to the times of arrival."""
    pipeline = media.get_element().get_parent()
    for element in pipeline.children:
        if element.get_factory().get_name() == "rtpbin":
            element.set_property("buffer-mode", 0)


def factory(launch, mode=GstRtspServer.RTSPTransportMode.PLAY):
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(launch)
    made.set_transport_mode(mode)
    made.set_shared(mode == GstRtspServer.RTSPTransportMode.PLAY)
    permissions = GstRtspServer.RTSPPermissions()
    for permission in ("media.factory.access", "media.factory.construct"):
        permissions.add_permission_for_role(ROLE, permission, True)
    made.set_permissions(permissions)
    return made


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    authentication = GstRtspServer.RTSPAuth()
    authentication.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    authentication.add_digest(USER, PASSWORD, token)
    server.set_auth(authentication)

    bridge = Bridge()
    publish = factory(PUBLISH, GstRtspServer.RTSPTransportMode.RECORD)
    publish.connect("media-configure", bridge.publishing)
    published = factory(PUBLISHED)
    published.connect("media-configure", bridge.serving)
    mounts = server.get_mount_points()
    mounts.add_factory("/live", factory(LIVE))
    mounts.add_factory("/publish", publish)
    mounts.add_factory("/published", published)

    # One thread a client: a client that waits for the first picture must not keep the publisher from sending it.
    server.get_thread_pool().set_max_threads(16)
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print(f"port {server.get_bound_port()}", flush=True)
    loop.run()


main()
