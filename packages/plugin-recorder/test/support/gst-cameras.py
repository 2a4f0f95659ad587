"""Cameras that this project did not write: GStreamer's RTSP server, over TCP and UDP, with Digest authentication.

  rtsp://127.0.0.1:<port>/<video>-<audio>   video: h264, h264b (B-frames), h265; audio: aac, opus, pcma, pcmu

Prints `port <number>` when it listens. Ends with its standard input.
"""

import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

USER, PASSWORD, ROLE = "camera", "a password for tests", "watcher"
PICTURE = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1"
VIDEO = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! video/x-h264,profile=baseline ! rtph264pay name=pay0 pt=96 config-interval=-1",
    "h264b": "x264enc speed-preset=ultrafast key-int-max=25 bframes=3 b-adapt=false ! video/x-h264,profile=main ! rtph264pay name=pay0 pt=96 config-interval=-1",
    "h265": "x265enc speed-preset=ultrafast tune=zerolatency key-int-max=25 log-level=none ! h265parse ! rtph265pay name=pay0 pt=96 config-interval=-1",
}
SOUND = "audiotestsrc is-live=true ! audioconvert ! audioresample"
AUDIO = {
    "aac": "audio/x-raw,rate=48000,channels=1 ! avenc_aac ! aacparse ! rtpmp4gpay name=pay1 pt=97",
    "opus": "audio/x-raw,rate=48000,channels=2 ! opusenc ! rtpopuspay name=pay1 pt=97",
    "pcma": "audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
    "pcmu": "audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0",
}


def factory(video, audio):
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(f"( {PICTURE} ! {VIDEO[video]} {SOUND} ! {AUDIO[audio]} )")
    made.set_protocols(GstRtsp.RTSPLowerTrans.TCP | GstRtsp.RTSPLowerTrans.UDP)
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
    for video in VIDEO:
        for audio in AUDIO:
            server.get_mount_points().add_factory(f"/{video}-{audio}", factory(video, audio))
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print(f"port {server.get_bound_port()}", flush=True)
    loop.run()


main()
