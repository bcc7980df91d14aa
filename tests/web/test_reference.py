"""The reference of the API: everything of the description is on the page, and its commands work."""

import json
import subprocess
import sys
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.main import create_app
from app.settings import Settings
from tests.databases import sqlite_database
from tests.servers import running_server
